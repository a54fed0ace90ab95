import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Hyperparameters, Metagraph, Neuron } from '../chain-client.ts'
import { ipFromChain } from './axon-ip.ts'

/** Numbers above 53 bits come as 0x-hex. */
const bigint = z.union([z.number().int(), z.string()]).transform(BigInt)
const number = bigint.transform(Number)

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
  hotkeys: z.array(z.string()),
  coldkeys: z.array(z.string()),
  axons: z.array(z.object({ ip: bigint, port: number, ipType: number })),
  active: z.array(z.boolean()),
  validatorPermit: z.array(z.boolean()),
  lastUpdate: z.array(number),
  emission: z.array(bigint),
  dividends: z.array(number),
  incentives: z.array(number),
  consensus: z.array(number),
  validatorTrust: z.array(number),
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

export function toMetagraph(found: ChainMetagraph, epoch: { lastBlock: number; index: number }): Metagraph {
  const { netuid, block, tempo } = found
  const neurons = found.hotkeys.map((hotkey, uid) => toNeuron(found, hotkey, uid))
  return { netuid, block, tempo, lastEpochBlock: epoch.lastBlock, epochIndex: epoch.index, neurons }
}

function toNeuron(found: ChainMetagraph, hotkey: string, uid: number): Neuron {
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
    validatorTrust: found.validatorTrust[uid] ?? 0,
    emission: found.emission[uid] ?? 0n,
  }
}

function toAxon({ ip, port, ipType }: ChainMetagraph['axons'][number]): Neuron['axon'] {
  const text = ipFromChain(ip, ipType)
  return text === undefined || port === 0 ? undefined : { ip: text, port }
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

export function toHyperparameters(found: ChainMetagraph): Hyperparameters {
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
  }
}
