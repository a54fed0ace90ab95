import { TypeRegistry } from '@polkadot/types'
import { hexToU8a, u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { describe, expect, it } from 'vitest'
import { verifyRound } from '../../../shared/chain/commit-reveal/drand.ts'
import { storageIndex, weightsCommitHash } from '../../../shared/chain/commit-reveal/hash-commit.ts'
import { encodePayload } from '../../../shared/chain/commit-reveal/payload.ts'
import {
  openTimelockedCommit,
  timelockedCommit,
} from '../../../shared/chain/commit-reveal/timelocked-commit.ts'
import { fixedRandom, oracleDecrypt } from '../../support/commit-reveal/oracle.ts'
import hashVectors from './hash.json' with { type: 'json' }
import timelocked from './timelocked.json' with { type: 'json' }

const registry = new TypeRegistry()
const signature = hexToU8a(timelocked.signature)

describe.each(timelocked.cases)(
  'timelocked commit of $name',
  ({ fields, payload, seed, commit, arkworks }) => {
    const weights = {
      hotkey: hexToU8a(fields.hotkey),
      uids: fields.uids,
      weights: fields.weights,
      versionKey: BigInt(fields.versionKey),
    }

    it('hides exactly the SCALE payload', () => {
      expect(u8aToHex(encodePayload(weights))).toBe(payload)
      const encoded = registry.createType('(Bytes, Vec<u16>, Vec<u16>, u64)' as 'Raw', [
        fields.hotkey,
        weights.uids,
        weights.weights,
        weights.versionKey,
      ])
      expect(encoded.toHex()).toBe(payload)
    })

    it('is the same bytes for the same randomness', () => {
      const made = timelockedCommit({ ...weights, revealRound: timelocked.round, random: fixedRandom(seed) })
      expect(u8aToHex(made)).toBe(commit)
    })

    it('opens here and in arkworks, whoever made it', () => {
      for (const bytes of [commit, arkworks].map((hex) => hexToU8a(hex))) {
        expect(openTimelockedCommit(bytes, signature)).toEqual(weights)
        expect(u8aToHex(oracleDecrypt(bytes, signature))).toBe(payload)
      }
    })
  },
)

it('has a signature that quicknet’s key verifies, for that round alone', () => {
  expect(verifyRound(timelocked.round, signature)).toBe(true)
  expect(verifyRound(timelocked.round + 1, signature)).toBe(false)
})

describe.each(hashVectors)('hash commit in mechanism $mechanism of subnet $netuid', (vector) => {
  const { hotkey, netuid, mechanism, uids, weights, salt, versionKey, hash } = vector

  it('is blake2b-256 of the SCALE tuple', () => {
    const index = storageIndex(netuid, mechanism)
    const fields = { hotkey: hexToU8a(hotkey), storageIndex: index, uids, weights, salt }
    expect(weightsCommitHash({ ...fields, versionKey: BigInt(versionKey) })).toBe(hash)
    const tuple = '(AccountId32, u16, Vec<u16>, Vec<u16>, Vec<u16>, u64)' as 'Raw'
    const encoded = registry.createType(tuple, [hotkey, index, uids, weights, salt, versionKey])
    expect(blake2AsHex(encoded.toU8a(), 256)).toBe(hash)
  })
})
