import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import {
  type GenesisHyperparameters,
  HYPERPARAMETER_NAMES,
} from '../../../shared/chain/devnet/runtime/hyperparameters.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'

const folders: string[] = []
const running: Devnet[] = []

afterEach(async () => {
  for (const devnet of running.splice(0)) await devnet.close()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function start(preset: string, hyperparameters?: GenesisHyperparameters, dataDir?: string) {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'starling-preset-')))
  if (dataDir === undefined) folders.push(folder)
  const devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 100, preset, hyperparameters })
  running.push(devnet)
  return { folder, devnet, chain: await connectChain({ endpoint: devnet.url }) }
}

/** A value for every name that differs from the presets' and from the runtime's defaults. */
const EVERY: GenesisHyperparameters = {
  tempo: 7,
  weightsRateLimit: 3,
  minAllowedWeights: 2,
  maxWeightLimit: 40_000,
  versionKey: 5,
  commitReveal: true,
  revealPeriodEpochs: 2,
  kappa: 30_000,
  immunityPeriod: 9,
  minNonImmuneUids: 4,
  activityCutoff: 111,
  maxAllowedUids: 32,
  maxAllowedValidators: 8,
  registrationAllowed: false,
  servingRateLimit: 6,
  bondsMovingAverage: 800_000,
  bondsPenalty: 1_000,
  yuma3: true,
  liquidAlpha: true,
  alphaLow: 20_000,
  alphaHigh: 50_000,
  alphaSigmoidSteepness: 900,
  minBurn: 1_000,
  maxBurn: 2_000_000_000,
  burn: 1_500_000_000,
}

describe('a preset with a subnet', { timeout: 240_000 }, () => {
  it.each([
    [2, 1],
    [16, 4],
    [256, 64],
  ])('has %d neurons, %d of them validators with stake', async (count, validators) => {
    const { chain } = await start(`subnet-${count}`)
    const { neurons } = await chain.metagraph(1)
    const expected = Array.from({ length: count }, (_, uid) =>
      uid < validators ? `//validator//${uid + 1}` : `//miner//${uid - validators + 1}`,
    )
    expect(neurons.map(({ hotkey }) => hotkey)).toEqual(expected.map((uri) => signerFromUri(uri).address))
    expect(neurons.map(({ coldkey }) => coldkey)).toEqual(
      expected.map((uri) => signerFromUri(`//coldkey${uri}`).address),
    )
    expect(neurons.filter(({ stake }) => stake > 0n).map(({ uid }) => uid)).toEqual([
      ...Array(validators).keys(),
    ])
    await chain.close()
  })

  it('takes every hyperparameter there is, and none is lost on the way', async () => {
    expect(Object.keys(EVERY).sort()).toEqual([...HYPERPARAMETER_NAMES].sort())
    const { chain } = await start('subnet-16', EVERY)
    const { minNonImmuneUids, registrationAllowed, minBurn, maxBurn, burn, versionKey, ...plain } = EVERY
    expect(await chain.hyperparameters(1)).toMatchObject({
      ...plain,
      burn: BigInt(burn ?? 0),
      versionKey: BigInt(versionKey ?? 0),
    })
    const stranger = { netuid: 1, hotkey: signerFromUri('//stranger').address }
    await expect(chain.burnedRegister(signerFromUri('//Alice'), stranger)).rejects.toMatchObject({
      code: 'CHAIN_SUB_NET_REGISTRATION_DISABLED',
    })
    await chain.close()
  })

  it('is refused with hyperparameters that do not fit each other, in the runtime’s words', async () => {
    await expect(start('subnet-2', { minBurn: 10, maxBurn: 20, burn: 30 })).rejects.toMatchObject({
      code: 'DEVNET_GENESIS_REFUSED',
      message: expect.stringContaining('burn is 30, outside 10 to 20'),
    })
    await expect(start('subnet-16', { maxAllowedUids: 3 })).rejects.toThrow(
      '16 neurons, but maxAllowedUids is 3',
    )
  })

  it('goes on with what it was started with, and with nothing else', async () => {
    const { folder, devnet, chain } = await start('subnet-2', { tempo: 7 })
    await chain.close()
    await devnet.close()
    const again = await startDevnet({ port: 0, dataDir: folder, blockMs: 100 })
    running.push(again)
    expect(again.genesisHash).toBe(devnet.genesisHash)
    await again.close()
    await expect(start('subnet-2', { tempo: 8 }, folder)).rejects.toMatchObject({
      code: 'DEVNET_OTHER_GENESIS',
      message: expect.stringContaining('was started with tempo 7'),
    })
    await expect(start('subnet-16', { tempo: 7 }, folder)).rejects.toThrow('was started with preset subnet-2')
  })
})
