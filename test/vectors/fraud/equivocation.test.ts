import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { answerRoot } from '../../../shared/proof/answer-root.ts'
import { challengeId } from '../../../shared/proof/challenge-id.ts'
import { commitDigest, commitMessage } from '../../../shared/proof/commit.ts'
import { fromHex, toHex } from '../../../shared/proof/hash.ts'

// pallet-fraud's Rust tests read this file too.
const vector = JSON.parse(readFileSync(join(import.meta.dirname, 'equivocation.json'), 'utf8'))
const validator = signerFromUri('//validator//1')
const miner = signerFromUri('//miner//1')

it('is about two development keys and one challenge', () => {
  const { genesisHash, netuid, blockHash, index } = vector
  const place = { chainMarker: genesisHash, netuid, validator: validator.publicKey, blockHash, index }
  expect(toHex(challengeId(place))).toBe(vector.challenge)
  expect([vector.validator, vector.miner]).toEqual([validator, miner].map((key) => toHex(key.publicKey)))
})

it.each([
  ['first', [72, 105, 33]],
  ['second', [72, 111, 33, 32]],
  ['firstResalted', [72, 105, 33]],
] as const)('opens %s as commits are opened here', (name, tokens) => {
  const { model, executionClass, finish, salt, ...opening } = vector[name]
  const challenge = fromHex(vector.challenge)
  const root = answerRoot(tokens)
  const digest = commitDigest({
    challenge,
    validator: validator.publicKey,
    miner: miner.publicKey,
    model: fromHex(model),
    executionClass,
    count: tokens.length,
    finish,
    root,
    salt: fromHex(salt),
  })
  const message = commitMessage(challenge, digest)
  const { signature, ...hashes } = opening
  expect(hashes).toEqual({
    count: tokens.length,
    root: toHex(root),
    digest: toHex(digest),
    message: toHex(message),
  })
  expect(verifySignature(message, fromHex(signature), miner.address)).toBe(true)
})
