import { describe, expect, it } from 'vitest'
import { repliesOf, requestsOf } from '../../../scripts/bench/endure/fuzz/examples.ts'
import { fuzzCodec } from '../../../scripts/bench/endure/fuzz/fuzz-codec.ts'
import { MUTATIONS } from '../../../scripts/bench/endure/fuzz/mutations.ts'
import { tokensOf } from '../../../scripts/bench/endure/fuzz/tokens.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import { MESSAGES } from '../../../shared/protocol/messages.ts'

describe('damaged frames', () => {
  it('are all refused with a code, or mean the same once encoded again', async () => {
    const { uncoded, unstable, refused, accepted } = await fuzzCodec(
      4_000,
      seededRandom(5),
      () => 0,
      () => {},
    )
    expect(uncoded).toEqual([])
    expect(unstable).toEqual([])
    for (const name of Object.keys(MUTATIONS)) expect(refused[name]).toBeGreaterThan(100)
    // A flipped bit in a hash is a hash.
    expect(accepted).toBeGreaterThan(0)
  })

  it('come of messages of every type', () => {
    const random = seededRandom(1)
    const types = new Set([...requestsOf(random), ...repliesOf(random)].map(({ type }) => type))
    // What a listener says first is plain, and damaged where sessions are.
    const missing = Object.keys(MESSAGES).filter((type) => !types.has(type as never) && type !== 'hello')
    expect(missing).toEqual([])
  })

  it('are taken apart to their last byte', () => {
    for (const message of requestsOf(seededRandom(2))) {
      const frame = Uint8Array.from(encodeFrame(1, message))
      expect(tokensOf(frame).at(-1)!.end).toBe(frame.length)
    }
  })
})
