import type { Metagraph, Neuron } from '../../shared/chain/chain-client.ts'
import type { Reason } from '../../shared/process/health/reason.ts'
import { COMMON_CODES, COMMON_RULES, type CommonFacts } from '../../shared/process/health/rules.ts'

/** What a miner's readiness follows from. */
export interface MinerFacts extends CommonFacts {
  /** Whether the chain has the address that validators are to dial; undefined for a miner that dials them, and until it is known. */
  readonly isAddressOnChain: boolean | undefined
}

export const MINER_CODES = [...COMMON_CODES, 'AXON_UNPUBLISHED'] as const

export const MINER_RULES = [...COMMON_RULES, axonUnpublished] as const

export function axonUnpublished({ isRegistered, isAddressOnChain }: MinerFacts): Reason | undefined {
  if (isRegistered !== true || isAddressOnChain !== false) return undefined
  return {
    code: 'AXON_UNPUBLISHED',
    message: 'the chain has another address: validators dial that one until ours is written',
  }
}

/** What a hotkey was paid at the last epoch, and its place by that. */
export interface Pay {
  /** Share of the subnet’s incentive, 0 to 1. */
  readonly incentive: number
  /** rao; more than 2⁵³ are not paid in an epoch. */
  readonly emissionRao: number
  /** From 1; equal ones share a place. Null without incentive. */
  readonly rank: number | null
  /** Neurons with incentive. */
  readonly paid: number
}

export function payOf({ neurons }: Pick<Metagraph, 'neurons'>, own: Neuron): Pay {
  const total = neurons.reduce((sum, { incentive }) => sum + incentive, 0)
  const better = neurons.filter(({ incentive }) => incentive > own.incentive).length
  return {
    incentive: total === 0 ? 0 : own.incentive / total,
    emissionRao: Number(own.emission),
    rank: own.incentive > 0 ? better + 1 : null,
    paid: neurons.filter(({ incentive }) => incentive > 0).length,
  }
}
