import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { answerRoot } from '../../../shared/proof/answer-root.ts'
import { challengeId } from '../../../shared/proof/challenge-id.ts'
import { commitDigest, commitMessage } from '../../../shared/proof/commit.ts'
import type { InProcessChain } from './in-process-chain.ts'

// chopsticks makes its logger when it is imported.
vi.hoisted(() => {
  process.env.LOG_LEVEL = 'fatal'
})
const { bootRuntime } = await import('./in-process-chain.ts')

const NETUID = 1
const HALF = 32_768
const CLASS = 'cpu-fp32/ort-1.30.0'

await cryptoWaitReady()
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
const validator = signerFromUri('//miner//1')
/** A neuron with stake, which is what a slash takes. */
const liar = signerFromUri('//validator//1')

let chain: InProcessChain

/** An opening of a commit that the liar signs for challenge 0 of the round at `block`. */
async function opening(block: number, tokens: number[]) {
  const salt = new Uint8Array(32).fill(tokens.length)
  const model = new Uint8Array(32).fill(5)
  const blockHash = (await chain.api.rpc.chain.getBlockHash(block)).toHex()
  const challenge = challengeId({
    chainMarker: chain.api.genesisHash.toHex(),
    netuid: NETUID,
    validator: validator.publicKey,
    blockHash,
    index: 0,
  })
  const fields = { model, count: tokens.length, root: answerRoot(tokens), salt }
  const parties = { challenge, validator: validator.publicKey, miner: liar.publicKey }
  const digest = commitDigest({ ...parties, ...fields, executionClass: CLASS, finish: 'stop' })
  const signature = liar.sign(commitMessage(challenge, digest))
  return { ...fields, executionClass: CLASS, finish: 'Stop', signature }
}

async function evidence(block: number, first: number[], second: number[]) {
  return {
    validator: validator.address,
    miner: liar.address,
    block,
    index: 0,
    first: await opening(block, first),
    second: await opening(block, second),
  }
}

const stake = async () =>
  BigInt((await chain.read('subtensorModule', 'totalHotkeyAlpha', liar.address, NETUID)).toString())

beforeAll(async () => {
  chain = await bootRuntime((await readRuntime()).wasm, 'subnet-2')
  await chain.block()
}, 240_000)

afterAll(() => chain?.close())

it('burns stake of a miner that signed two answers to one challenge, once it is switched on', async () => {
  const report = (proof: unknown) => chain.call('fraud', 'reportEquivocation', NETUID, proof)
  const proof = await evidence(1, [72, 105], [72, 111, 33])
  const [off] = await chain.block([report(proof), alice])
  expect(off?.error).toBe('SlashingDisabled')

  const share = chain.call('sudo', 'sudo', chain.call('fraud', 'setSlashShare', NETUID, HALF))
  await chain.block([share, alice])
  const before = await stake()
  const issuance = BigInt((await chain.read('subtensorModule', 'totalIssuance')).toString())
  const honest = await evidence(1, [72, 105], [72, 105])
  const forged = { ...proof, second: { ...proof.second, count: 4 } }
  const outcomes = await chain.block(
    [report(honest), alice],
    [report(forged), alice],
    [report(proof), alice],
    [report(proof), alice],
  )
  expect(outcomes.map(({ error }) => error)).toEqual([
    'SameAnswer',
    'BadSignature',
    undefined,
    'AlreadySlashed',
  ])
  expect(outcomes[2]?.events).toContain('fraud.EquivocationSlashed')
  const burned = (before * BigInt(HALF)) / 65_535n
  expect(await stake()).toBe(before - burned)
  const after = BigInt((await chain.read('subtensorModule', 'totalIssuance')).toString())
  expect(issuance - after).toBeGreaterThan(burned - 2_000_000_000n)
})
