import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reorderUnits } from '../../../scripts/calibrate/reorder-units.ts'
import { roundWeights } from '../../../scripts/calibrate/rounding.ts'
import { createScheduler, type Scheduler } from '../../../shared/inference/engine/scheduler.ts'
import { type LoadedModel, loadModel } from '../../../shared/inference/model/folder.ts'
import { createOwnRuntime, type OwnRuntimeOptions } from '../../../shared/inference/model/own-runtime.ts'
import { executionClass } from '../../../shared/inference/onnx/execution-class.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'
import { makeTask } from '../../../shared/inference/tasks/make-task.ts'
import { EOS, encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { POSITIONS_PER_LEAF } from '../../../shared/proof/answer-root.ts'
import { decideSketches, type OpenedLeaf } from '../../../shared/proof/sketch/decision.ts'
import { SKETCH_VALUES, sketchMatrix } from '../../../shared/proof/sketch/matrix.ts'
import { readCalibration, type StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import { sketchRows } from '../../../shared/proof/sketch/sketch.ts'

const folder = 'models/nano'
const ANSWERS = 24
const challenge = new Uint8Array(32).fill(7)
const runtimes: Runtime[] = []

describe('hidden states of honest provers that run in other ways, by what was calibrated of one', () => {
  let model: LoadedModel
  let stored: StoredCalibration
  let verifier: Scheduler
  beforeAll(async () => {
    model = await loadModel(folder)
    stored = (await readCalibration(folder, model.manifest.hash))!
    verifier = await scheduler({})
  })
  afterAll(() => Promise.all(runtimes.map((runtime) => runtime.close())))

  async function scheduler(options: Partial<OwnRuntimeOptions>): Promise<Scheduler> {
    const { architecture } = model.manifest
    const now = () => performance.now()
    const { weights } = model
    const runtime = await createOwnRuntime({
      architecture,
      weights,
      threads: 1,
      maxBatch: 16,
      now,
      ...options,
    })
    runtimes.push(runtime)
    return createScheduler({ runtime, stopTokens: [EOS], maxQueue: ANSWERS, now })
  }

  /** Of every answer, the largest excess over any two neighbouring leaves. */
  async function excesses(prover: Scheduler): Promise<number[]> {
    const random = seededRandom(5)
    const matrix = sketchMatrix(challenge, stored.whitening)
    const asked = Array.from({ length: ANSWERS }, () => encodePrompt(makeTask(random).prompt))
    const sampling = { temperature: 1, topK: 0, topP: 1 }
    const pair = { prover: executionClass(), verifier: executionClass(), model: model.manifest.hash }
    return Promise.all(
      asked.map(async (promptTokens, i) => {
        const seed = new Uint8Array(32).fill(i)
        const request = { promptTokens, maxTokens: 48, sampling, seed, wantHidden: true }
        const { tokens, hidden } = await prover.generate(request)
        const read = await verifier.prefill([...promptTokens, ...tokens.slice(0, -1)])
        const first = promptTokens.length - 1
        const own = sketchRows(read.hidden.subarray(first * stored.whitening.width), matrix)
        const leaves = leavesOf(sketchRows(hidden!, matrix), own, first)
        const decisions = leaves.slice(1).map((leaf, at) => {
          const decision = decideSketches(stored.calibration, pair, [leaves[at]!, leaf])
          return decision.excess!
        })
        return Math.max(...decisions)
      }),
    )
  }

  const others: [string, Partial<OwnRuntimeOptions>][] = [
    ['as calibrated', {}],
    ['two threads', { threads: 2 }],
    ['two spinning threads', { threads: 2, dedicated: true }],
    ['one answer at a time', { maxBatch: 1 }],
    ['four', { maxBatch: 4 }],
    ['thirty-two', { maxBatch: 32 }],
    ['two threads, thirty-two', { threads: 2, maxBatch: 32 }],
    ['a graph as it was written', { optimization: 'disabled' }],
    ['a graph with little rewritten', { optimization: 'basic' }],
    ['a graph with more rewritten', { optimization: 'extended' }],
  ]
  test.each(others)('%s: all are accepted', async (_name, options) => {
    const worst = Math.max(...(await excesses(await scheduler(options))))
    console.log(`${_name}: ${worst.toFixed(2)} nats of distance from the threshold`)
    expect(worst).toBeLessThan(0)
  })

  test('sums in another order, as of another processor: all are accepted, though farther apart', async () => {
    const weights = reorderUnits(model.manifest.architecture, model.weights)
    const [usual, other] = [await excesses(verifier), await excesses(await scheduler({ weights }))]
    console.log(`another order of sums: ${Math.max(...other).toFixed(2)} nats of distance from the threshold`)
    expect(Math.max(...other)).toBeLessThan(0)
    expect(average(other)).toBeGreaterThan(average(usual))
  })

  test('and weights rounded to bf16: none is', async () => {
    const weights = roundWeights(model.weights, 'bf16')
    expect(Math.min(...(await excesses(await scheduler({ weights }))))).toBeGreaterThan(0)
  })
})

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Both sides’ sketches, cut into whole leaves. */
function leavesOf(claimed: Float32Array, own: Float32Array, first: number): OpenedLeaf[] {
  const size = POSITIONS_PER_LEAF * SKETCH_VALUES
  const count = Math.floor(claimed.length / size)
  return Array.from({ length: count }, (_, leaf) => {
    const cut = (values: Float32Array) => values.subarray(leaf * size, (leaf + 1) * size)
    return { position: first + leaf * POSITIONS_PER_LEAF, claimed: cut(claimed), own: cut(own) }
  })
}
