import { describe, expect, test } from 'vitest'
import type { TokenRequest } from '../../../shared/inference/engine/messages.ts'
import { createScheduler } from '../../../shared/inference/engine/scheduler.ts'
import { type FakeOptions, fakeRuntime } from './fake-runtime.ts'

const greedy = { temperature: 0, topK: 0, topP: 1 }
const request = (prompt: number, maxTokens: number, more: Partial<TokenRequest> = {}): TokenRequest => ({
  promptTokens: new Array<number>(prompt).fill(1),
  maxTokens,
  sampling: greedy,
  seed: new Uint8Array(32),
  ...more,
})
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error as { code?: string }).code ?? String(error),
  )
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A scheduler whose clock moves `callMs` in each native call, and otherwise when told. */
function setUp(
  options: Partial<FakeOptions> & { maxQueue?: number; callMs?: number; onTurn?: () => void } = {},
) {
  const { maxQueue = 64, callMs = 0, onTurn = () => {}, ...rest } = options
  const clock = { ms: 0 }
  const tick = () => {
    clock.ms += callMs
  }
  const fake = fakeRuntime({ maxBatch: 4, ...rest, onCall: tick })
  const now = () => clock.ms
  const scheduler = createScheduler({ runtime: fake.runtime, stopTokens: [99], maxQueue, now, onTurn })
  return { ...fake, scheduler, clock }
}

describe('turns', () => {
  test('a long prompt is read in pieces, with a step of the running answers after each', async () => {
    const { scheduler, calls } = setUp()
    const short = scheduler.generate(request(3, 6))
    const long = scheduler.generate(request(600, 2))
    expect((await short).tokens).toEqual([3, 4, 5, 6, 7, 8])
    expect((await long).tokens).toEqual([0, 1])
    expect(calls.slice(0, 6)).toEqual([
      'extend 3,256',
      'step 1',
      'extend 256',
      'step 1',
      'extend 88',
      'step 2',
    ])
  })

  test('where prompts and whole sequences wait, they take turns', async () => {
    const { scheduler, calls } = setUp({ maxBatch: 2 })
    await Promise.all([
      scheduler.generate(request(700, 1)),
      scheduler.score({ promptTokens: new Array<number>(500).fill(1), tokens: [5, 6] }),
      scheduler.score({ promptTokens: new Array<number>(400).fill(1), tokens: [5, 6] }),
    ])
    expect(calls).toEqual(['read 501', 'extend 256', 'read 401', 'extend 256', 'extend 188'])
  })

  test('stop tokens end an answer and are its last token', async () => {
    const { scheduler } = setUp()
    expect(await scheduler.generate(request(97, 10))).toEqual({ tokens: [97, 98, 99], finish: 'stop' })
  })

  test('are counted', async () => {
    const { scheduler } = setUp({ callMs: 5 })
    expect(scheduler.isIdle()).toBe(true)
    const answers = [scheduler.generate(request(10, 3)), scheduler.generate(request(20, 3))]
    expect(scheduler.isIdle()).toBe(false)
    expect(scheduler.stats()).toMatchObject({ queue: 2, active: 0, steps: 0 })
    await Promise.all([...answers, scheduler.score({ promptTokens: [1, 2], tokens: [3, 4] })])
    // The first token of an answer comes from its prompt: two steps make the other two.
    expect(scheduler.stats()).toMatchObject({ steps: 2, decodedTokens: 4, prefilledTokens: 33, active: 0 })
    expect(scheduler.stats().stepMs).toBe(20)
    await turn()
    expect(scheduler.isIdle()).toBe(true)
  })

  test('a failure of the runtime rejects those who were in the call, and nothing stays open', async () => {
    const { scheduler, failNext, open } = setUp()
    failNext()
    expect(await codeOf(scheduler.generate(request(3, 3)))).toContain('native failure')
    failNext()
    expect(await codeOf(scheduler.score({ promptTokens: [1], tokens: [2] }))).toContain('native failure')
    const running = scheduler.generate(request(3, 9), {
      onToken: (token) => void (token === 5 && failNext()),
    })
    expect(await codeOf(running)).toContain('native failure')
    expect((await scheduler.generate(request(3, 2))).tokens).toEqual([3, 4])
    expect(open.size).toBe(0)
  })
})

describe('admission', () => {
  test('as many wait as the queue holds, and one more is refused at once', async () => {
    const { scheduler, open } = setUp({ maxBatch: 2, maxQueue: 3 })
    const answers = Array.from({ length: 5 }, () => scheduler.generate(request(4, 8)))
    expect(await codeOf(scheduler.generate(request(4, 8)))).toBe('BUSY')
    // The validator's own work is never refused.
    await Promise.all(Array.from({ length: 9 }, () => scheduler.score({ promptTokens: [1], tokens: [2] })))
    for (const answer of await Promise.all(answers)) expect(answer.tokens.length).toBe(8)
    expect((await scheduler.generate(request(4, 1))).tokens.length).toBe(1)
    expect(open.size).toBe(0)
  })

  test('a deadline that the measured pace can not meet is refused before any work', async () => {
    const { scheduler, calls } = setUp({ callMs: 10 })
    // Nothing has been measured yet, so this is tried.
    await scheduler.generate(request(10, 50, { deadlineMs: 600 }))
    const before = calls.length
    expect(await codeOf(scheduler.generate(request(10, 50, { deadlineMs: 400 })))).toBe('BUSY')
    expect(calls.length).toBe(before)
    expect(await codeOf(scheduler.generate(request(10, 50, { deadlineMs: 600 })))).toBe('none')
    expect(await codeOf(scheduler.generate(request(10, 10, { deadlineMs: 400 })))).toBe('none')
  })

  test('a deadline that passes ends an answer, waiting or running, before the next step', async () => {
    const { scheduler, calls, open } = setUp({ callMs: 10, maxBatch: 1 })
    const running = codeOf(scheduler.generate(request(4, 100, { deadlineMs: 45 })))
    const waiting = codeOf(scheduler.generate(request(4, 2, { deadlineMs: 30 })))
    const patient = scheduler.generate(request(4, 2, { deadlineMs: 5000 }))
    expect([await running, await waiting]).toEqual(['DEADLINE_PASSED', 'DEADLINE_PASSED'])
    expect((await patient).tokens.length).toBe(2)
    expect(calls.filter((call) => call === 'step 1').length).toBe(5)
    expect(await codeOf(scheduler.generate(request(4, 2, { deadlineMs: 0 })))).toBe('DEADLINE_PASSED')
    expect(open.size).toBe(0)
  })

  test('an abort frees the slot before the next step, also in the middle of a prompt', async () => {
    const { scheduler, open } = setUp({ maxBatch: 1 })
    const abort = new AbortController()
    const reading = codeOf(scheduler.generate(request(3000, 5), { signal: abort.signal }))
    const next = scheduler.generate(request(4, 2))
    await turn()
    await turn()
    abort.abort()
    expect(await reading).toBe('REQUEST_ABORTED')
    expect((await next).tokens).toEqual([4, 5])
    expect(open.size).toBe(0)
  })
})

test('tokens are told as they are sampled, before the turn is over', async () => {
  const told: (number | string)[] = []
  const { scheduler } = setUp({ onTurn: () => void told.push('turn') })
  await scheduler.generate(request(3, 3), { onToken: (token) => void told.push(token) })
  await turn()
  expect(told).toEqual([3, 4, 'turn', 5, 'turn'])
})
