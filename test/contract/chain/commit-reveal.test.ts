import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { storageIndex, weightsCommitHash } from '../../../shared/chain/commit-reveal/hash-commit.ts'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import type { InProcessChain } from './in-process-chain.ts'

// chopsticks makes its logger when it is imported.
vi.hoisted(() => {
  process.env.LOG_LEVEL = 'fatal'
})
const { bootRuntime } = await import('./in-process-chain.ts')

const NETUID = 1
const TEMPO = 4
const SALT = [1, 2, 65_535]

await cryptoWaitReady()
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
const hotkey = new Keyring({ type: 'sr25519' }).addFromUri('//Alice//hot')

let chain: InProcessChain
const subtensor = (name: string, ...args: unknown[]) => chain.call('subtensorModule', name, ...args)
const sudo = (name: string, ...args: unknown[]) =>
  chain.call('sudo', 'sudo', chain.call('adminUtils', name, ...args))
const epochIndex = async () => Number(await chain.read('subtensorModule', 'subnetEpochIndex', NETUID))

beforeAll(async () => {
  chain = await bootRuntime((await readRuntime()).wasm)
  await chain.block([subtensor('registerNetwork', hotkey.address), alice])
  await chain.block(
    [sudo('sudoSetTempo', NETUID, TEMPO), alice],
    [sudo('sudoSetWeightsSetRateLimit', NETUID, 0), alice],
    [sudo('sudoSetCommitRevealWeightsEnabled', NETUID, true), alice],
  )
}, 240_000)

afterAll(() => chain?.close())

it('takes the reveal of a commit that was hashed here, in the next epoch', async () => {
  const hash = weightsCommitHash({
    hotkey: hotkey.publicKey,
    storageIndex: storageIndex(NETUID, 0),
    uids: [0],
    weights: [65_535],
    salt: SALT,
    versionKey: 7n,
  })
  const reveal = () => subtensor('revealWeights', NETUID, [0], [65_535], SALT, 7)
  const plain = () => subtensor('setWeights', NETUID, [0], [65_535], 7)

  const [refused, committed] = await chain.block(
    [plain(), hotkey],
    [subtensor('commitWeights', NETUID, hash), hotkey],
  )
  expect(refused?.error).toBe('CommitRevealEnabled')
  expect(committed).toMatchObject({
    error: undefined,
    events: expect.arrayContaining(['subtensorModule.WeightsCommitted']),
  })
  const epoch = await epochIndex()
  const [early] = await chain.block([reveal(), hotkey])
  expect(early?.error).toBe('RevealTooEarly')

  while ((await epochIndex()) === epoch) await chain.block()
  const [wrong, revealed] = await chain.block(
    [subtensor('revealWeights', NETUID, [0], [65_535], [1], 7), hotkey],
    [reveal(), hotkey],
  )
  expect(wrong?.error).toBe('InvalidRevealCommitHashNotMatch')
  expect(revealed).toMatchObject({
    error: undefined,
    events: expect.arrayContaining(['subtensorModule.WeightsSet', 'subtensorModule.WeightsRevealed']),
  })
  expect((await chain.read('subtensorModule', 'weights', NETUID, 0)).toJSON()).toEqual([[0, 65_535]])
  expect(await chain.entries('subtensorModule', 'weightCommits')).toEqual([])
})
