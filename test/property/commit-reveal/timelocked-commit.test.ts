import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePayload, encodePayload } from '../../../shared/chain/commit-reveal/payload.ts'
import {
  openTimelockedCommit,
  timelockedCommit,
} from '../../../shared/chain/commit-reveal/timelocked-commit.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { fixedRandom, oracleDecrypt, oracleEncrypt, ROUND_1000 } from '../../support/commit-reveal/oracle.ts'

const u16 = fc.integer({ min: 0, max: 0xffff })
const payloads = fc
  .record({
    hotkey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    row: fc.uniqueArray(fc.tuple(u16, u16), { maxLength: 300, selector: ([uid]) => uid }),
    versionKey: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  })
  .map(({ row, ...rest }) => ({
    ...rest,
    uids: row.map(([uid]) => uid),
    weights: row.map(([, weight]) => weight),
  }))
const seeds = fc.string({ minLength: 8, maxLength: 8 })

describe('timelocked commits', () => {
  it('encode and decode a payload without loss', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(decodePayload(encodePayload(payload))).toEqual(payload)
      }),
    )
  })

  it('read changed bytes as the one payload that they encode, or refuse them by name', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 }), (payload, at, patch) => {
        const bytes = encodePayload(payload)
        bytes.set(patch, at % (bytes.length - patch.length + 1))
        try {
          expect(encodePayload(decodePayload(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'COMMIT_INVALID' })
        }
      }),
    )
  })

  it('open here and in arkworks, whoever made them', () => {
    fc.assert(
      fc.property(payloads, seeds, (payload, seed) => {
        const random = fixedRandom(seed)
        const plain = encodePayload(payload)
        const ours = timelockedCommit({ ...payload, revealRound: 1000, random })
        const theirs = oracleEncrypt(plain, 1000, random(32))
        expect(openTimelockedCommit(ours, ROUND_1000)).toEqual(payload)
        expect(openTimelockedCommit(theirs, ROUND_1000)).toEqual(payload)
        expect(Buffer.from(oracleDecrypt(ours, ROUND_1000)).equals(plain)).toBe(true)
      }),
      { numRuns: 12 },
    )
  })

  it('never open after one bit changed', () => {
    const random = fixedRandom('tamper')
    const commit = timelockedCommit({
      hotkey: random(32),
      uids: [1, 2, 3],
      weights: [4, 5, 6],
      versionKey: 7n,
      revealRound: 1000,
      random,
    })
    fc.assert(
      fc.property(fc.nat(commit.length * 8 - 1), (bit) => {
        const changed = commit.with(bit >> 3, commit[bit >> 3]! ^ (1 << (bit & 7)))
        let thrown: unknown
        try {
          openTimelockedCommit(changed, ROUND_1000)
        } catch (error) {
          thrown = error
        }
        expect(thrown).toBeInstanceOf(StarlingError)
        expect(thrown).toMatchObject({ code: expect.stringMatching(/^TIMELOCK_(SEALED|MALFORMED)$/) })
      }),
      { numRuns: 150 },
    )
  })
})
