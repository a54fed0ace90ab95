import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScheduler } from '../../../shared/inference/engine/scheduler.ts'
import { CHUNK, TOKENS_PER_TURN } from '../../../shared/inference/engine/turn.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { fakeRuntime } from '../../unit/inference/fake-runtime.ts'

const generation = fc.record({
  kind: fc.constant('generate' as const),
  prompt: fc.integer({ min: 1, max: 900 }),
  maxTokens: fc.integer({ min: 1, max: 30 }),
  /** Aborted once it has written so many tokens; 0 is before its first. */
  abortAfter: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
})
const score = fc.record({
  kind: fc.constant('score' as const),
  prompt: fc.integer({ min: 1, max: 900 }),
  tokens: fc.integer({ min: 1, max: 20 }),
})

const ones = (count: number) => new Array<number>(count).fill(1)

/** What the model of paper writes: the length so far, modulo 100, until it stops at 99. */
function expected(prompt: number, maxTokens: number): number[] {
  const tokens: number[] = []
  do tokens.push((prompt + tokens.length) % 100)
  while (tokens.length < maxTokens && tokens.at(-1) !== 99)
  return tokens
}

test('whatever is asked and aborted, every request settles rightly, in turns of limited size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(generation, score), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      async (requests, maxBatch) => {
        const { runtime, calls, open } = fakeRuntime({ maxBatch })
        const scheduler = createScheduler({ runtime, stopTokens: [99], maxQueue: 20, now: () => 0 })
        await Promise.all(
          requests.map(async (request) => {
            if (request.kind === 'score') {
              await scheduler.score({ promptTokens: ones(request.prompt), tokens: ones(request.tokens) })
              return
            }
            const { prompt, maxTokens, abortAfter } = request
            const abort = new AbortController()
            if (abortAfter === 0) abort.abort()
            const told: number[] = []
            const onToken = (token: number) => {
              if (told.push(token) === abortAfter) abort.abort()
            }
            const sampling = { temperature: 0, topK: 0, topP: 1 }
            const asked = { promptTokens: ones(prompt), maxTokens, sampling, seed: new Uint8Array(32) }
            const all = expected(prompt, maxTokens)
            try {
              const { tokens, finish } = await scheduler.generate(asked, { signal: abort.signal, onToken })
              expect(tokens).toEqual(all)
              expect(finish).toBe(all.at(-1) === 99 ? 'stop' : 'length')
            } catch (error) {
              if (!hasCode(error, 'REQUEST_ABORTED')) throw error
              // Nothing was written after the step in which it was aborted.
              expect(told).toEqual(all.slice(0, abortAfter))
            }
          }),
        )
        expect(open.size).toBe(0)
        for (const call of calls) checkSize(call, maxBatch)
      },
    ),
    { numRuns: 150 },
  )
})

function checkSize(call: string, maxBatch: number): void {
  const [kind, sizes = ''] = call.split(' ')
  const lengths = sizes.split(',').map(Number)
  if (kind === 'step') expect(lengths[0]).toBeLessThanOrEqual(maxBatch)
  if (kind === 'extend') expect(Math.max(...lengths)).toBeLessThanOrEqual(CHUNK)
  if (kind !== 'step' && lengths.length > 1)
    expect(Math.max(...lengths) * lengths.length).toBeLessThanOrEqual(TOKENS_PER_TURN)
}
