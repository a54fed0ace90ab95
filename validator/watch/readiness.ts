import type { Hyperparameters, Metagraph } from '../../shared/chain/chain-client.ts'
import type { Reason } from '../../shared/process/health/reason.ts'
import { COMMON_CODES, COMMON_RULES, type CommonFacts } from '../../shared/process/health/rules.ts'

/** What a validator's readiness follows from. */
export interface ValidatorFacts extends CommonFacts {
  /** Whether the chain takes its weights: a permit, or the subnet's owner; undefined until the metagraph was read. */
  readonly maySetWeights: boolean | undefined
  /** Since the chain last took weights; undefined until the metagraph was read. */
  readonly weightsAgeBlocks: number | undefined
  /** From which they are stale; undefined until the hyperparameters were read. */
  readonly weightsLimitBlocks: number | undefined
}

export const VALIDATOR_CODES = [...COMMON_CODES, 'NO_PERMIT', 'WEIGHTS_STALE'] as const

export const VALIDATOR_RULES = [...COMMON_RULES, noPermit, weightsStale] as const

export function noPermit({ isRegistered, maySetWeights }: ValidatorFacts): Reason | undefined {
  // Without a uid there is nothing more to say.
  if (isRegistered !== true || maySetWeights !== false) return undefined
  return { code: 'NO_PERMIT', message: 'the hotkey has no validator permit: it needs more stake' }
}

export function weightsStale({ weightsAgeBlocks, weightsLimitBlocks }: ValidatorFacts): Reason | undefined {
  if (weightsAgeBlocks === undefined || weightsLimitBlocks === undefined) return undefined
  if (weightsAgeBlocks <= weightsLimitBlocks) return undefined
  const message = `no weights for ${weightsAgeBlocks} blocks, where ${weightsLimitBlocks} are the limit; see validator weights plan`
  return { code: 'WEIGHTS_STALE', message }
}

/**
 * Blocks after which weights are stale. They are due with every settled round, but the chain takes them once a rate limit, and commits
 * once an epoch: twice the longer of these, and a round, may pass while nothing is wrong. Never more than half of what makes
 * a validator inactive, so that somebody can still act.
 */
export function weightsLimit(
  { tempo, weightsRateLimit, activityCutoff }: Hyperparameters,
  roundBlocks: number,
): number {
  const usual = 2 * (Math.max(tempo + 1, weightsRateLimit) + roundBlocks)
  return Math.max(roundBlocks, Math.min(usual, Math.floor(activityCutoff / 2)))
}

/** What the metagraph says of this validator. */
export function standingOf(
  metagraph: Metagraph | undefined,
  hotkey: string,
  block: number | undefined,
): Pick<ValidatorFacts, 'isRegistered' | 'maySetWeights' | 'weightsAgeBlocks'> {
  if (metagraph === undefined)
    return { isRegistered: undefined, maySetWeights: undefined, weightsAgeBlocks: undefined }
  const own = metagraph.neurons.find((neuron) => neuron.hotkey === hotkey)
  return {
    isRegistered: own !== undefined,
    maySetWeights: own?.validatorPermit === true || metagraph.ownerHotkey === hotkey,
    weightsAgeBlocks: own && Math.max(block ?? 0, metagraph.block) - own.lastUpdate,
  }
}
