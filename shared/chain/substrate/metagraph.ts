import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Hyperparameters, Metagraph, Neuron } from '../chain-client.ts'
import { ipFromChain } from './axon-ip.ts'
import { marksFromChain } from './axon-marks.ts'
import { bigint, number } from './codec-json.ts'
import type { StorageValue } from './spec-table.ts'

/** JSON of `SubnetInfoRuntimeApi.get_metagraph`, as far as it is used; vectors go by uid. */
const metagraphSchema = z.object({
  netuid: number,
  block: number,
  tempo: number,
  kappa: number,
  minAllowedWeights: number,
  maxWeightsLimit: number,
  weightsVersion: bigint,
  weightsRateLimit: number,
  activityCutoff: number,
  maxValidators: number,
  maxUids: number,
  burn: bigint,
  immunityPeriod: number,
  servingRateLimit: number,
  commitRevealWeightsEnabled: z.boolean(),
  ownerHotkey: z.string().optional(),
  hotkeys: z.array(z.string()),
  coldkeys: z.array(z.string()),
  axons: z.array(
    z.object({
      block: number,
      ip: bigint,
      port: number,
      ipType: number,
      placeholder1: number,
      placeholder2: number,
    }),
  ),
  active: z.array(z.boolean()),
  validatorPermit: z.array(z.boolean()),
  lastUpdate: z.array(number),
  emission: z.array(bigint),
  dividends: z.array(number),
  incentives: z.array(number),
  consensus: z.array(number),
  blockAtRegistration: z.array(number),
  totalStake: z.array(bigint),
})

export type ChainMetagraph = z.infer<typeof metagraphSchema>

/** Throws `CHAIN_INCOMPATIBLE` when the JSON is not a metagraph as this client knows it. */
export function parseMetagraph(json: unknown): ChainMetagraph {
  const parsed = metagraphSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new StarlingError(
    'CHAIN_INCOMPATIBLE',
    `the chain’s metagraph has unknown fields: ${where}`,
    'update this software',
  )
}

/** What the port's metagraph has and the runtime's lacks, from storage. */
export interface EpochState {
  lastBlock: number
  index: number
  /** By uid. */
  validatorTrust: readonly number[]
}

export function toMetagraph(found: ChainMetagraph, epoch: EpochState): Metagraph {
  const { netuid, block, tempo, ownerHotkey } = found
  const neurons = found.hotkeys.map((hotkey, uid) => ({
    ...toNeuron(found, hotkey, uid),
    validatorTrust: epoch.validatorTrust[uid] ?? 0,
  }))
  return {
    netuid,
    block,
    tempo,
    lastEpochBlock: epoch.lastBlock,
    epochIndex: epoch.index,
    ownerHotkey,
    neurons,
  }
}

function toNeuron(found: ChainMetagraph, hotkey: string, uid: number): Omit<Neuron, 'validatorTrust'> {
  return {
    uid,
    hotkey,
    coldkey: at(found.coldkeys, uid),
    axon: toAxon(at(found.axons, uid)),
    // The runtime writes some vectors at epochs only, so a neuron that is new since has no entry yet.
    active: found.active[uid] ?? false,
    validatorPermit: found.validatorPermit[uid] ?? false,
    stake: at(found.totalStake, uid),
    lastUpdate: found.lastUpdate[uid] ?? 0,
    registeredAt: at(found.blockAtRegistration, uid),
    incentive: found.incentives[uid] ?? 0,
    dividends: found.dividends[uid] ?? 0,
    consensus: found.consensus[uid] ?? 0,
    emission: found.emission[uid] ?? 0n,
  }
}

function toAxon(found: ChainMetagraph['axons'][number]): Neuron['axon'] {
  const { block, port, placeholder1, placeholder2 } = found
  const ip = ipFromChain(found.ip, found.ipType)
  if (ip === undefined || port === 0) return undefined
  return { ip, port, servedAt: block, ...marksFromChain(placeholder1, placeholder2) }
}

function at<T>(values: readonly T[], uid: number): T {
  const value = values[uid]
  if (value !== undefined) return value
  throw new StarlingError(
    'CHAIN_INCOMPATIBLE',
    `the chain’s metagraph has no entry for uid ${uid}`,
    'update this software',
  )
}

/** What the port's hyperparameters have and the metagraph lacks, from storage. */
export type StoredHyperparameters = readonly [
  stakeThreshold: bigint,
  mechanisms: number,
  commitRevealVersion: number,
  revealPeriodEpochs: number,
  bondsMovingAverage: number,
  bondsPenalty: number,
  yuma3: boolean,
  liquidAlpha: boolean,
  alphas: StorageValue<'alphaValues'>,
  alphaSigmoidSteepness: number,
]

export function toHyperparameters(
  found: ChainMetagraph,
  timelocked: boolean,
  stored: StoredHyperparameters,
): Hyperparameters {
  const [stakeThreshold, mechanisms, commitRevealVersion, revealPeriodEpochs, ...bonds] = stored
  const [bondsMovingAverage, bondsPenalty, yuma3, liquidAlpha, alphas, alphaSigmoidSteepness] = bonds
  const [alphaLow, alphaHigh] = alphas
  return {
    tempo: found.tempo,
    weightsRateLimit: found.weightsRateLimit,
    minAllowedWeights: found.minAllowedWeights,
    maxWeightLimit: found.maxWeightsLimit,
    versionKey: found.weightsVersion,
    commitReveal: found.commitRevealWeightsEnabled,
    kappa: found.kappa,
    immunityPeriod: found.immunityPeriod,
    activityCutoff: found.activityCutoff,
    maxAllowedUids: found.maxUids,
    maxAllowedValidators: found.maxValidators,
    servingRateLimit: found.servingRateLimit,
    burn: found.burn,
    commitScheme: timelocked ? 'timelocked' : 'hash',
    commitRevealVersion,
    revealPeriodEpochs,
    stakeThreshold,
    mechanisms,
    bondsMovingAverage,
    bondsPenalty,
    yuma3,
    liquidAlpha,
    alphaLow,
    alphaHigh,
    alphaSigmoidSteepness,
  }
}
