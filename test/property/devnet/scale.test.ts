import { compactToU8a } from '@polkadot/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeader, encodeHeader, type Header } from '../../../shared/chain/devnet/runtime/header.ts'
import {
  compact,
  concatBytes,
  fromHex,
  lengthPrefixed,
  littleEndian,
  scaleReader,
  toHex,
} from '../../../shared/chain/devnet/runtime/scale.ts'

const u64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(
    0n,
    63n,
    64n,
    16_383n,
    16_384n,
    2n ** 30n - 1n,
    2n ** 30n,
    2n ** 32n,
    2n ** 56n,
    2n ** 64n - 1n,
  ),
)
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
const payload = fc.uint8Array({ maxLength: 100 })
const log = fc.oneof(
  fc.constant(Uint8Array.of(8)),
  payload.map((bytes) => concatBytes(Uint8Array.of(0), lengthPrefixed(bytes))),
  payload.map((bytes) =>
    concatBytes(Uint8Array.of(6), new TextEncoder().encode('aura'), lengthPrefixed(bytes)),
  ),
)
const header: fc.Arbitrary<Header> = fc.record({
  parentHash: hash,
  number: fc.nat(),
  stateRoot: hash,
  extrinsicsRoot: hash,
  logs: fc.array(log.map(toHex), { maxLength: 4 }),
})

describe('SCALE', () => {
  it('encodes compact integers as polkadot-js does, and reads them back', () => {
    fc.assert(
      fc.property(u64, (value) => {
        expect(toHex(compact(value))).toBe(toHex(compactToU8a(value)))
        expect(scaleReader(compact(value)).compact()).toBe(value)
        expect(scaleReader(littleEndian(value, 8)).uint(8)).toBe(value)
      }),
    )
  })

  it('reads back bytes and lists, and never past the end', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), (items) => {
        const encoded = concatBytes(compact(items.length), ...items.map(lengthPrefixed))
        const reader = scaleReader(encoded)
        expect(reader.list(() => reader.bytes())).toEqual(items)
        const cut = scaleReader(encoded.subarray(0, -1))
        expect(() => cut.list(() => cut.bytes())).toThrow(RangeError)
      }),
    )
  })

  it('reads back headers', () => {
    fc.assert(
      fc.property(header, (value) => {
        expect(decodeHeader(encodeHeader(value))).toEqual(value)
        expect(() => decodeHeader(concatBytes(encodeHeader(value), Uint8Array.of(0)))).toThrow(RangeError)
      }),
    )
    expect(fromHex('0x0aff')).toEqual(Uint8Array.of(10, 255))
  })
})
