import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, it } from 'vitest'
import { QUICKNET, roundTimeMs, verifyRound } from '../../../shared/chain/commit-reveal/drand.ts'
import { storageIndex, weightsCommitHash } from '../../../shared/chain/commit-reveal/hash-commit.ts'
import { decodePayload, encodePayload } from '../../../shared/chain/commit-reveal/payload.ts'
import {
  openTimelockedCommit,
  timelockedCommit,
} from '../../../shared/chain/commit-reveal/timelocked-commit.ts'
import { fixedRandom, oracleDecrypt, oracleEncrypt, ROUND_1000 } from '../../support/commit-reveal/oracle.ts'

const hotkey = new Uint8Array(32).fill(9)
const weights = { hotkey, uids: [1, 2], weights: [65_535, 3], versionKey: 5n }
const commitArgs = { ...weights, revealRound: 1000, random: fixedRandom('unit') }
const coded = (code: string) => expect.objectContaining({ code })

interface Draft {
  bytes: Uint8Array
  u: Uint8Array
  v: Uint8Array
  sigma: Uint8Array
}

/** Points of G1's curve with the smallest x coordinates; next to none is in the prime-order subgroup. */
const outsideSubgroup = Array.from({ length: 64 }, (_, x) => x)
  .filter(isOnCurve)
  .map((x) => Uint8Array.of(0x80, ...new Uint8Array(46), x))

function isOnCurve(x: number): boolean {
  const { Fp } = bls12_381.fields
  const ySquared = Fp.add(Fp.pow(BigInt(x), 3n), 4n)
  return Fp.is0(ySquared) || Fp.eql(Fp.pow(ySquared, (Fp.ORDER - 1n) / 2n), Fp.ONE)
}

/** A commit with one byte more at the end of the body, and the body's length to match. */
function bodyPlusOneByte(commit: Uint8Array): Uint8Array {
  const bodyAt = 96 + 40 + 40
  const nameAt = commit.length - 16
  const longer = Uint8Array.of(...commit.subarray(0, nameAt), 0, ...commit.subarray(nameAt))
  return longer.with(bodyAt, longer[bodyAt]! + 1)
}

/** Signature of a round by another key than quicknet's; a valid point of the right group all the same. */
const foreignSignature = bls12_381.G1.Point.BASE.multiply(12_345n).toBytes()

describe('drand rounds', () => {
  it('have their times', () => {
    expect(roundTimeMs(1)).toBe(QUICKNET.genesisMs)
    expect(roundTimeMs(1000)).toBe(Date.UTC(2023, 7, 23, 15, 59, 24))
  })

  it('refuses signatures that are not quicknet’s without throwing', () => {
    const zero = bls12_381.G1.Point.ZERO.toBytes()
    for (const bytes of [new Uint8Array(0), new Uint8Array(48), new Uint8Array(96), zero, foreignSignature]) {
      expect(verifyRound(1000, bytes)).toBe(false)
    }
    expect(() => verifyRound(0, ROUND_1000)).toThrow(coded('COMMIT_INVALID'))
  })
})

describe('hash commit', () => {
  const fields = { ...weights, storageIndex: 1, salt: [1, 2] }

  it('changes with every field', () => {
    const variants = [
      fields,
      { ...fields, hotkey: new Uint8Array(32) },
      { ...fields, storageIndex: 2 },
      { ...fields, uids: [1, 3] },
      { ...fields, weights: [65_535, 4] },
      { ...fields, salt: [2, 1] },
      { ...fields, versionKey: 6n },
    ]
    expect(new Set(variants.map(weightsCommitHash)).size).toBe(variants.length)
  })

  it.each([
    { hotkey: new Uint8Array(31) },
    { storageIndex: 65_536 },
    { uids: [1] },
    { uids: [1, -1] },
    { weights: [1.5, 1] },
    { salt: [65_536] },
    { versionKey: -1n },
    { versionKey: 1n << 64n },
  ])('refuses %o', (wrong) => {
    expect(() => weightsCommitHash({ ...fields, ...wrong })).toThrow(coded('COMMIT_INVALID'))
  })

  it('has one storage index for each mechanism of each subnet', () => {
    expect(storageIndex(7, 0)).toBe(7)
    expect(storageIndex(7, 2)).toBe(8_199)
    expect(storageIndex(4_095, 15)).toBe(65_535)
    for (const [netuid, mechanism] of [
      [4_096, 0],
      [0, 16],
      [-1, 0],
      [0, 0.5],
    ] as const) {
      expect(() => storageIndex(netuid, mechanism)).toThrow(coded('COMMIT_INVALID'))
    }
  })
})

describe('timelock payload', () => {
  const encoded = encodePayload(weights)

  it.each([
    ['cut off', encoded.subarray(0, -1)],
    ['too long', Uint8Array.of(...encoded, 0)],
    ['empty', new Uint8Array(0)],
    ['with a length in a longer form', Uint8Array.of(129, 0, ...encoded.subarray(1))],
    ['with a hotkey of 31 bytes', Uint8Array.of(31 << 2, ...encoded.subarray(2))],
    ['with a length of 2^30', Uint8Array.of(3, 0, 0, 0, 64, ...encoded)],
    ['with a length of 2^536', Uint8Array.of(...new Uint8Array(68).fill(255))],
    ['with more uids than weights', Uint8Array.of(...encoded.subarray(0, 33), 12, ...encoded.subarray(34))],
  ])('refuses one that is %s', (_name, bytes) => {
    expect(() => decodePayload(bytes)).toThrow(coded('COMMIT_INVALID'))
  })
})

describe('timelocked commit', () => {
  const commit = timelockedCommit(commitArgs)

  it('fits 256 uids into 1,400 bytes', () => {
    const all = Array.from({ length: 256 }, (_, i) => i)
    const large = timelockedCommit({ ...commitArgs, uids: all, weights: all.map((i) => 65_535 - i) })
    expect(large.length).toBe(1_313)
  })

  it('refuses a commit above the chain’s bound', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => i)
    const sizes = [1_176, 1_178].map((count) => ({ uids: many(count), weights: many(count) }))
    expect(timelockedCommit({ ...commitArgs, ...sizes[0]! }).length).toBeLessThanOrEqual(5_000)
    expect(() => timelockedCommit({ ...commitArgs, ...sizes[1]! })).toThrow(coded('COMMIT_INVALID'))
  })

  it.each([0, -1, 1.5, 2 ** 53, Number.NaN])('refuses round %s', (revealRound) => {
    expect(() => timelockedCommit({ ...commitArgs, revealRound })).toThrow(coded('COMMIT_INVALID'))
  })

  it('refuses a random source that gives too little', () => {
    const random = (length: number) => new Uint8Array(length - 1)
    expect(() => timelockedCommit({ ...commitArgs, random })).toThrow(coded('COMMIT_INVALID'))
  })

  it('stays sealed for the signature of another round', () => {
    expect(openTimelockedCommit(commit, ROUND_1000)).toEqual(weights)
    const other = timelockedCommit({ ...commitArgs, revealRound: 1001 })
    expect(() => openTimelockedCommit(other, ROUND_1000)).toThrow(coded('TIMELOCK_SEALED'))
    expect(() => openTimelockedCommit(commit, foreignSignature)).toThrow(coded('TIMELOCK_SEALED'))
  })

  it('names a signature that is none', () => {
    for (const bytes of [ROUND_1000.subarray(1), new Uint8Array(48), bls12_381.G1.Point.ZERO.toBytes()]) {
      expect(() => openTimelockedCommit(commit, bytes)).toThrow(coded('TIMELOCK_SIGNATURE'))
    }
  })

  it('names a signature outside of the prime-order subgroup', () => {
    expect(outsideSubgroup.length).toBeGreaterThan(10)
    for (const bytes of outsideSubgroup) {
      expect(() => openTimelockedCommit(commit, bytes)).toThrow(coded('TIMELOCK_SIGNATURE'))
      expect(verifyRound(1000, bytes)).toBe(false)
    }
  })

  it('refuses a lock whose scalar is not the hash of what it locks, as the chain does', () => {
    // The second commit's U and mask around the first one's sigma: everything decrypts, but U was free to choose.
    const [one, two] = ['one', 'two'].map((seed) => {
      const bytes = timelockedCommit({ ...commitArgs, random: fixedRandom(seed) })
      const random = fixedRandom(seed)
      random(32)
      return { bytes, u: bytes.subarray(0, 96), v: bytes.subarray(104, 136), sigma: random(32) }
    }) as [Draft, Draft]
    const v = one.sigma.map((byte, i) => byte ^ two.sigma[i]! ^ two.v[i]!)
    const forged = Uint8Array.of(...two.u, ...one.bytes.subarray(96, 104), ...v, ...one.bytes.subarray(136))
    expect(() => openTimelockedCommit(forged, ROUND_1000)).toThrow(coded('TIMELOCK_SEALED'))
    expect(() => oracleDecrypt(forged, ROUND_1000)).toThrow()
  })

  it('refuses the point at infinity, which any signature would open', () => {
    const zero = bls12_381.G2.Point.ZERO.toBytes()
    const forged = Uint8Array.of(...zero, ...commit.subarray(96))
    expect(() => openTimelockedCommit(forged, ROUND_1000)).toThrow(coded('TIMELOCK_SEALED'))
  })

  it.each([
    ['empty', new Uint8Array(0)],
    ['cut off', commit.subarray(0, -1)],
    ['too long', Uint8Array.of(...commit, 0)],
    ['for another cipher', Uint8Array.of(...commit.subarray(0, -1), 88)],
    ['with a key of 33 bytes', commit.with(96, 33)],
    ['with a length of 2^63', commit.with(103, 128)],
    ['with a longer body', bodyPlusOneByte(commit)],
  ])('names bytes that are %s', (_name, bytes) => {
    expect(() => openTimelockedCommit(bytes, ROUND_1000)).toThrow(coded('TIMELOCK_MALFORMED'))
  })

  it('says so when it opens and holds something else', () => {
    const other = oracleEncrypt(new TextEncoder().encode('not weights'), 1000, fixedRandom('k')(32))
    expect(() => openTimelockedCommit(other, ROUND_1000)).toThrow(coded('COMMIT_INVALID'))
  })
})
