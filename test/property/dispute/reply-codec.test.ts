import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { expect, it } from 'vitest'
import { decodeDisputeReply, encodeDisputeReply } from '../../../shared/protocol/dispute-codec.ts'
import type { DisputeReply } from '../../../shared/protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../../../shared/protocol/limits.ts'

const packr = new Packr({ useRecords: false })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hashes = fc.array(hash, { minLength: 1, maxLength: 8 })
const path = fc.array(fc.nat(7), { maxLength: 16 })
const values = fc.uint8Array({ minLength: 1, maxLength: 64 })
const tiles = { nodes: fc.array(hashes, { maxLength: 3 }), tiles: fc.array(values, { maxLength: 3 }) }
const weights = fc.array(fc.record({ values, path: fc.array(hash, { maxLength: 3 }) }), { maxLength: 3 })
const inputs = fc.record({ ...tiles, weights })
const reply: fc.Arbitrary<DisputeReply> = fc.oneof(
  fc.record({ type: fc.constant('trace' as const), dispute: hash, root: hash }),
  fc.record({ type: fc.constant('children' as const), dispute: hash, path, hashes }),
  fc.record({ type: fc.constant('tile' as const), dispute: hash, path, values, inputs }),
  fc.record({ type: fc.constant('tile' as const), dispute: hash, path, values }),
  fc.record({ type: fc.constant('logits' as const), dispute: hash, chunk: fc.nat(1000), ...tiles }),
)

it('reads what was written, from bytes that end where the reply does', () => {
  fc.assert(
    fc.property(reply, fc.nat(), (said, cut) => {
      const bytes = encodeDisputeReply(said)
      expect(decodeDisputeReply(bytes)).toEqual(said)
      expect(decodeDisputeReply(bytes.subarray(0, cut % bytes.length))).toBeUndefined()
      expect(decodeDisputeReply(Buffer.concat([bytes, Uint8Array.of(0xc0)]))).toBeUndefined()
    }),
    { numRuns: 150 },
  )
})

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(reply, fc.nat(), fc.nat(255), fc.uint8Array({ maxLength: 40 }), (said, at, byte, noise) => {
      const bytes = encodeDisputeReply(said)
      bytes[at % bytes.length] = byte
      // A changed value may still be a reply; what matters is that it has the reply's shape.
      const read = decodeDisputeReply(bytes)
      if (read !== undefined) expect(encodeDisputeReply(read)).toBeInstanceOf(Uint8Array)
      expect(decodeDisputeReply(noise)).toBeUndefined()
    }),
    { numRuns: 150 },
  )
})

it('refuses what has unknown keys, too many entries or too many bytes', () => {
  const dispute = new Uint8Array(32)
  const root = { type: 'trace', dispute, root: dispute }
  expect(decodeDisputeReply(packr.pack(root))).toEqual(root)
  expect(decodeDisputeReply(packr.pack({ ...root, extra: 1 }))).toBeUndefined()
  const many = Array.from({ length: DISPUTE_LIMITS.entries + 1 }, () => Uint8Array.of(1))
  const logits = { type: 'logits', dispute, chunk: 0, nodes: [], tiles: many.slice(1) }
  expect(decodeDisputeReply(packr.pack(logits))).toEqual(logits)
  expect(decodeDisputeReply(packr.pack({ ...logits, tiles: many }))).toBeUndefined()
  const large = new Uint8Array(DISPUTE_LIMITS.tileBytes)
  expect(() =>
    encodeDisputeReply({ type: 'logits', dispute, chunk: 0, nodes: [], tiles: [large, large] }),
  ).toThrow(expect.objectContaining({ code: 'DISPUTE_TOO_LARGE' }))
  expect(decodeDisputeReply(new Uint8Array(DISPUTE_LIMITS.replyBytes + 1))).toBeUndefined()
})
