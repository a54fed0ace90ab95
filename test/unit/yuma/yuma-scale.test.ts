import { describe, expect, it } from 'vitest'
import type { EpochInput } from '../../../shared/consensus/yuma/epoch-types.ts'
import { decodeEpochOutput, encodeEpochInput } from '../../../shared/consensus/yuma/scale.ts'

const input: EpochInput = {
  block: 0x0102,
  tempo: 360,
  lastStep: 1,
  activityCutoff: 5_000,
  kappa: 32_767,
  bondsPenalty: 65_535,
  bondsMovingAverage: 900_000,
  maxValidators: 64,
  stakeThreshold: 2n ** 63n,
  ownerUid: 7,
  yuma3: true,
  liquidAlpha: { alphaLow: 1, alphaHigh: 2, alphaSigmoidSteepness: -2 },
  stake: [5n],
  lastUpdate: [6],
  blockAtRegistration: [7],
  firstCommitBlock: [undefined, 8],
  validatorPermit: [true, false],
  weights: [[[1, 2]], []],
  bonds: [],
  emission: 9n,
}

const u64 = (hex: string) => hex.padEnd(16, '0')

describe('the SCALE form of an epoch', () => {
  it('has the fields of the pallet, in order', () => {
    const expected = [
      ...[u64('0201'), '6801', u64('01'), u64('8813'), 'ff7f', 'ffff', u64('a0bb0d'), '4000'],
      ...['0000000000000080', '01' + '0700', '01', '01' + '0100' + '0200' + 'feff'],
      ...[`04${u64('05')}`, `04${u64('06')}`, `04${u64('07')}`, `080001${u64('08')}`],
      ...['080100', '08' + '04' + '01000200' + '00', '00', u64('09')],
    ].join('')
    expect(Buffer.from(encodeEpochInput(input)).toString('hex')).toBe(expected)
    const without = encodeEpochInput({ ...input, ownerUid: undefined, liquidAlpha: undefined })
    expect(without.length).toBe(expected.length / 2 - 2 - 6)
  })

  it('holds lists of every length', () => {
    for (const length of [0, 1, 63, 64, 16_383, 16_384, 40_000]) {
      const stake = Array.from({ length }, (_, uid) => BigInt(uid))
      const lengthBytes = length < 64 ? 1 : length < 16_384 ? 2 : 4
      const empty = encodeEpochInput({ ...input, stake: [] }).length
      expect(encodeEpochInput({ ...input, stake }).length).toBe(empty - 1 + lengthBytes + 8 * length)
    }
  })

  it('is read only where it is whole', () => {
    const nothing = new Uint8Array(11)
    expect(Object.values(decodeEpochOutput(nothing))).toEqual(Array(11).fill([]))
    expect(() => decodeEpochOutput(nothing.subarray(1))).toThrow(RangeError)
    expect(() => decodeEpochOutput(new Uint8Array(12))).toThrow('1 bytes follow')
  })
})
