import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChainAdmin, ChainClient, RevealWeightsArgs } from '../../../shared/chain/chain-client.ts'
import { storageIndex, weightsCommitHash } from '../../../shared/chain/commit-reveal/hash-commit.ts'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'

const TAO = 1_000_000_000n
const TEMPO = 10

const alice = signerFromUri('//Alice')
const bob = signerFromUri('//Bob')
const validator = signerFromUri('//Alice/validator')
const miner = signerFromUri('//Bob/miner')

let folder: string
let devnet: Devnet
let chain: ChainClient & ChainAdmin
let netuid: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
  devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 150 })
  chain = await connectChain({ endpoint: devnet.url })
  netuid = (await chain.registerNetwork(alice, { hotkey: validator.address })).netuid
  await Promise.all([
    chain.setHyperparameters(alice, netuid, {
      tempo: TEMPO,
      weightsRateLimit: 0,
      minAllowedWeights: 1,
      commitReveal: true,
    }),
    chain.burnedRegister(bob, { netuid, hotkey: miner.address }),
  ])
  await chain.addStake(bob, { netuid, hotkey: validator.address, amount: 1_000n * TAO })
})

afterAll(async () => {
  await chain?.close()
  await devnet?.close()
  await rm(folder, { recursive: true })
})

/** Waits for the first block at which so many epochs have been. */
async function epoch(index: number): Promise<void> {
  for (let blocks = 0; blocks < 4 * TEMPO; blocks++) {
    if ((await chain.epochSchedule(netuid)).epochIndex >= index) return
    await new Promise<void>((resolve) => {
      const stop = chain.onBlock(() => {
        stop()
        resolve()
      })
    })
  }
  throw new Error(`epoch ${index} did not come`)
}

function hashOf({ uids, weights, salt, versionKey }: RevealWeightsArgs): string {
  const index = storageIndex(netuid, 0)
  return weightsCommitHash({
    hotkey: validator.publicKey,
    storageIndex: index,
    uids,
    weights,
    salt,
    versionKey,
  })
}

/** Commits at the start of an epoch, so that what is measured in epochs does not hang on the moment. */
async function commitFresh(weights: RevealWeightsArgs) {
  const { epochIndex } = await chain.epochSchedule(netuid)
  await epoch(epochIndex + 1)
  const { block } = await chain.commitWeights(validator, { netuid, commitHash: hashOf(weights) })
  return { made: epochIndex + 1, block: block.number }
}

const mine = () => chain.weightCommits({ netuid, hotkey: validator.address })

describe('commit-reveal on a devnet', () => {
  it('is told by the hyperparameters', async () => {
    expect(await chain.hyperparameters(netuid)).toMatchObject({
      commitReveal: true,
      commitScheme: 'hash',
      commitRevealVersion: 0,
      revealPeriodEpochs: 1,
      mechanisms: 1,
    })
  })

  it('opens a commit in its epoch only, and with its own salt only', async () => {
    const weights = { netuid, uids: [0, 1], weights: [1, 65_535], salt: [1, 2, 3], versionKey: 0n }
    const { made, block } = await commitFresh(weights)
    expect(await mine()).toEqual([{ hash: hashOf(weights), block, epoch: made, revealRound: undefined }])
    await expect(chain.revealWeights(validator, weights)).rejects.toMatchObject({
      code: 'CHAIN_REVEAL_TOO_EARLY',
    })
    expect(await chain.weights({ netuid, uid: 0 })).toEqual({ uids: [], weights: [] })

    await epoch(made + 1)
    await Promise.all([
      expect(chain.revealWeights(validator, { ...weights, salt: [1, 2, 4] })).rejects.toMatchObject({
        code: 'CHAIN_INVALID_REVEAL_COMMIT_HASH_NOT_MATCH',
      }),
      chain.revealWeights(validator, weights),
    ])
    expect(await chain.weights({ netuid, uid: 0 })).toEqual({ uids: [0, 1], weights: [1, 65_535] })
    expect(await mine()).toEqual([])
    await expect(chain.revealWeights(validator, weights)).rejects.toMatchObject({
      code: 'CHAIN_NO_WEIGHTS_COMMIT_FOUND',
    })
  })

  it('lets a commit that nobody opened expire', async () => {
    const weights = { netuid, uids: [1], weights: [65_535], salt: [9], versionKey: 0n }
    const { made } = await commitFresh(weights)
    await epoch(made + 2)
    expect(await mine()).toEqual([])
    await expect(chain.revealWeights(validator, weights)).rejects.toMatchObject({
      code: 'CHAIN_EXPIRED_WEIGHT_COMMIT',
    })
  })

  it('refuses commits where it is off, and those of a stranger', async () => {
    const commitHash = `0x${'ab'.repeat(32)}`
    await expect(chain.commitWeights(bob, { netuid, commitHash })).rejects.toMatchObject({
      code: expect.stringMatching(/^CHAIN_(NOT_ENOUGH_STAKE|HOT_KEY_NOT_REGISTERED)/),
    })
    await expect(chain.commitWeights(validator, { netuid, mechanism: 1, commitHash })).rejects.toMatchObject({
      code: 'CHAIN_MECHANISM_DOES_NOT_EXIST',
    })
    await chain.setHyperparameters(alice, netuid, { commitReveal: false })
    await expect(chain.commitWeights(validator, { netuid, commitHash })).rejects.toMatchObject({
      code: 'CHAIN_COMMIT_REVEAL_DISABLED',
    })
  })

  it('knows no timelocked commits', async () => {
    const commit = { netuid, commit: Uint8Array.of(1, 2), revealRound: 1_000, version: 4 }
    await expect(chain.commitTimelockedWeights(validator, commit)).rejects.toMatchObject({
      code: 'CHAIN_INCOMPATIBLE',
      message: expect.stringContaining('commitTimelockedWeights is missing'),
    })
  })
})

describe('a subnet on a devnet', () => {
  it('runs the next epoch at the block that its schedule tells', async () => {
    const before = await chain.epochSchedule(netuid)
    expect(before).toMatchObject({ tempo: TEMPO, pendingEpochAt: 0 })
    await epoch(before.epochIndex + 1)
    const after = await chain.epochSchedule(netuid)
    expect(after.lastEpochBlock).toBe(before.lastEpochBlock + TEMPO)
    expect(after.blocksSinceLastStep).toBe(after.block - after.lastEpochBlock)
    await expect(chain.epochSchedule(99)).rejects.toMatchObject({ code: 'CHAIN_SUBNET_UNKNOWN' })
  })

  it('registers for at most the price that is given', async () => {
    const hotkey = signerFromUri('//Bob/late').address
    const args = { netuid, hotkey }
    const { burn } = await chain.hyperparameters(netuid)
    await expect(chain.registerLimit(bob, { ...args, maxPrice: burn / 2n })).rejects.toMatchObject({
      code: 'CHAIN_REGISTRATION_PRICE_LIMIT_EXCEEDED',
      remedy: expect.stringContaining('higher price'),
    })
    const hotkeys = async () => (await chain.metagraph(netuid)).neurons.map((neuron) => neuron.hotkey)
    expect(await hotkeys()).not.toContain(hotkey)
    const before = await chain.balance(bob.address)
    await chain.registerLimit(bob, { ...args, maxPrice: burn * 2n })
    expect(await hotkeys()).toContain(hotkey)
    const paid = before - (await chain.balance(bob.address))
    expect(paid).toBeGreaterThan(0n)
    expect(paid).toBeLessThan(burn * 2n)
  })

  it('takes every hyperparameter that the client can set', async () => {
    const values = {
      tempo: 50,
      weightsRateLimit: 3,
      minAllowedWeights: 2,
      maxWeightLimit: 60_000,
      versionKey: 7n,
      commitReveal: true,
      revealPeriodEpochs: 4,
      kappa: 40_000,
      immunityPeriod: 11,
      activityCutoff: 400,
      maxAllowedUids: 32,
      maxAllowedValidators: 5,
      servingRateLimit: 13,
      bondsMovingAverage: 800_000,
      bondsPenalty: 1_234,
      yuma3: true,
      liquidAlpha: true,
      alphaLow: 46_000,
      alphaHigh: 59_000,
      alphaSigmoidSteepness: 500,
    }
    await chain.setHyperparameters(alice, netuid, values)
    expect(await chain.hyperparameters(netuid)).toMatchObject(values)
    await chain.setHyperparameters(alice, netuid, { alphaHigh: 60_000 })
    expect(await chain.hyperparameters(netuid)).toMatchObject({ alphaLow: 46_000, alphaHigh: 60_000 })
  })
})
