import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createScheduler } from '../../../shared/inference/engine/scheduler.ts'
import type { ReplayResult } from '../../../shared/inference/engine.ts'
import { type LoadedModel, loadModel } from '../../../shared/inference/model/folder.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'
import { checkAnswer } from '../../../shared/inference/tasks/check-answer.ts'
import { makeTask } from '../../../shared/inference/tasks/make-task.ts'
import type { Task } from '../../../shared/inference/tasks/task.ts'
import { decodeTokens, EOS, encodePrompt } from '../../../shared/inference/tokenizer.ts'

const sampling = { temperature: 0.8, topK: 0, topP: 1 }
const tolerance = 1e-4
const runtimes: Runtime[] = []

/** A prover or verifier: a model on this machine, without a process of its own. */
async function scheduler({ manifest }: LoadedModel, weights: Weights) {
  const { architecture } = manifest
  const now = () => performance.now()
  const runtime = await createOwnRuntime({ architecture, weights, threads: 1, maxBatch: 8, now })
  runtimes.push(runtime)
  return createScheduler({ runtime, stopTokens: [EOS], maxQueue: 64, now })
}
type Scheduler = Awaited<ReturnType<typeof scheduler>>

interface Answered {
  readonly task: Task
  readonly promptTokens: readonly number[]
  readonly seed: Uint8Array
  readonly tokens: readonly number[]
}

/** The same tasks and seeds whoever answers. */
function answerAll(prover: Scheduler, count: number): Promise<Answered[]> {
  const random = seededRandom(77)
  const asked = Array.from({ length: count }, (_, i) => ({
    task: makeTask(random),
    seed: new Uint8Array(32).fill(i + 1),
  }))
  return Promise.all(
    asked.map(async ({ task, seed }) => {
      const promptTokens = encodePrompt(task.prompt)
      const { tokens } = await prover.generate({ promptTokens, maxTokens: 160, sampling, seed })
      return { task, promptTokens, seed, tokens }
    }),
  )
}

function replayAll(verifier: Scheduler, answers: readonly Answered[]): Promise<ReplayResult[]> {
  return Promise.all(answers.map((answer) => verifier.replay({ ...answer, sampling, tolerance })))
}

const largest = ({ margins }: ReplayResult) => Math.max(...margins)
const rejected = (results: readonly ReplayResult[]) => results.filter((result) => largest(result) > tolerance)

describe('the shipped models', () => {
  const count = 48
  let small: LoadedModel
  let honest: Scheduler
  let answers: Answered[]
  let weakAnswers: Answered[]
  let replays: ReplayResult[]

  beforeAll(async () => {
    small = await loadModel('models/small')
    const nano = await loadModel('models/nano')
    honest = await scheduler(small, small.weights)
    answers = await answerAll(honest, count)
    replays = await replayAll(honest, answers)
    weakAnswers = await answerAll(await scheduler(nano, nano.weights), count)
  })
  afterAll(() => Promise.all(runtimes.map((runtime) => runtime.close())))

  test('honest answers replay within the tolerance', () => {
    console.log(`largest honest margin ${Math.max(...replays.map(largest)).toExponential(1)}`)
    expect(rejected(replays)).toEqual([])
  })

  test('answers carry the surprise that makes a seed evidence', () => {
    const tokens = answers.reduce((sum, answer) => sum + answer.tokens.length, 0)
    const nats = replays.reduce((sum, replay) => sum + replay.surprise, 0)
    expect(nats / tokens).toBeGreaterThanOrEqual(0.3)
    expect(Math.min(...replays.map((replay) => replay.surprise))).toBeGreaterThan(10)
  })

  test('an answer under another seed is always found out', async () => {
    const stolen = answers.map((answer, i) => ({ ...answer, seed: answers[(i + 1) % count]!.seed }))
    expect(rejected(await replayAll(honest, stolen)).length).toBe(count)
  })

  test('an answer of the smaller model is found out, unless it is the honest answer to the letter', async () => {
    const passed = (await replayAll(honest, weakAnswers)).flatMap((replay, i) =>
      largest(replay) > tolerance ? [] : i,
    )
    // A cheat that changes no token is the honest answer: nothing could tell it, and nothing is lost.
    for (const i of passed) expect(weakAnswers[i]!.tokens).toEqual(answers[i]!.tokens)
    expect(passed.length).toBeLessThan(count / 10)
  })

  test('other sampling than was asked for is always found out', async () => {
    const warm = await Promise.all(
      answers.map(async (answer) => {
        const greedy = { ...sampling, temperature: 0 }
        const { tokens } = await honest.generate({ ...answer, maxTokens: 160, sampling: greedy })
        return { ...answer, tokens }
      }),
    )
    expect(rejected(await replayAll(honest, warm)).length).toBe(count)
  })

  test('weights rounded to bfloat16 move the logits far more than decoding does', async () => {
    const rounded = new Map([...small.weights].map(([name, values]) => [name, bfloat16(values)]))
    const cheap = await scheduler(small, rounded)
    const { promptTokens, tokens } = answers[0]!
    const sequence = [...promptTokens, ...tokens]
    const [truth, other] = [await honest.prefill(sequence), await cheap.prefill(sequence)]
    const gaps = truth.logits.map((logit, i) => Math.abs(logit - other.logits[i]!)).sort()
    expect(gaps[gaps.length >> 1]).toBeGreaterThan(10 * tolerance)
  })

  test('small is clearly abler than nano, and base than small', async () => {
    const right = (list: readonly Answered[]) =>
      list.filter(({ task, tokens }) => checkAnswer(task, decodeTokens(tokens))).length / count
    expect(right(answers)).toBeGreaterThan(right(weakAnswers) + 0.2)
    const base = await loadModel('models/base')
    const able = await answerAll(await scheduler(base, base.weights), count)
    expect(right(able)).toBeGreaterThan(right(answers) + 0.05)
  })
})

/** Round to nearest, by adding half of the last kept place to the bits. */
function bfloat16(values: Float32Array): Float32Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i]! + 0x8000) & 0xffff0000
  return new Float32Array(bits.buffer)
}
