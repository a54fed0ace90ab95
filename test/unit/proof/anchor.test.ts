import { expect, test } from 'vitest'
import { ANCHOR_BYTES, type Anchor, decodeAnchor, encodeAnchor } from '../../../shared/proof/anchor.ts'
import { toHex } from '../../../shared/proof/hash.ts'

const root = (fill: number) => new Uint8Array(32).fill(fill)
const anchor: Anchor = { round: 7, commits: root(1), previous: { round: 5, rows: root(2), seal: root(3) } }
const first: Anchor = { round: 7, commits: root(1), previous: undefined }

test('an anchor is its fields one after another, numbers little-endian', () => {
  const [one, two, three, zero] = ['01', '02', '03', '00'].map((byte) => byte.repeat(32))
  expect(toHex(encodeAnchor(anchor))).toBe(`0x5352413107000000${one}05000000${two}${three}`)
  expect(toHex(encodeAnchor(first))).toBe(`0x5352413107000000${one}ffffffff${zero}${zero}`)
  expect(encodeAnchor(anchor)).toHaveLength(ANCHOR_BYTES)
})

test('an anchor is read back as it was written, wherever its bytes lie', () => {
  expect(decodeAnchor(encodeAnchor(anchor))).toEqual(anchor)
  expect(decodeAnchor(encodeAnchor(first))).toEqual(first)
  const within = new Uint8Array(ANCHOR_BYTES + 9)
  within.set(encodeAnchor(anchor), 9)
  expect(decodeAnchor(within.subarray(9))).toEqual(anchor)
})

test('bytes that are not exactly one anchor are none', () => {
  const bytes = encodeAnchor(anchor)
  const changed = (at: number, byte: number) => Uint8Array.from(bytes).fill(byte, at, at + 1)
  expect(decodeAnchor(bytes.subarray(1))).toBeUndefined()
  expect(decodeAnchor(Buffer.concat([bytes, root(0)]))).toBeUndefined()
  expect(decodeAnchor(changed(3, 0x32))).toBeUndefined()
  // No round, and no previous round with roots all the same.
  expect(decodeAnchor(Uint8Array.from(bytes).fill(0xff, 4, 8))).toBeUndefined()
  expect(decodeAnchor(Uint8Array.from(bytes).fill(0xff, 40, 44))).toBeUndefined()
})

test('what does not fit is not encoded', () => {
  expect(() => encodeAnchor({ ...first, round: 0xffffffff })).toThrow(RangeError)
  expect(() => encodeAnchor({ ...first, round: -1 })).toThrow(RangeError)
  expect(() => encodeAnchor({ ...first, commits: root(1).subarray(1) })).toThrow(RangeError)
  const previous = { round: 5, rows: root(2), seal: new Uint8Array(33) }
  expect(() => encodeAnchor({ ...first, previous })).toThrow(RangeError)
})
