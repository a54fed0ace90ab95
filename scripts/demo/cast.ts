/** How a miner of the demo behaves. */
export type Behaviour = 'honest' | 'weak' | 'substitute' | 'copycat' | 'faulty'

export interface MinerRole {
  readonly name: string
  readonly behaviour: Behaviour
  /** Model that it declares. */
  readonly declares: string
  /** Model that it really runs. */
  readonly runs: string
}

export interface ValidatorRole {
  readonly name: string
  /** TAO that its coldkey stakes. */
  readonly stake: bigint
}

/** Whose answers the copycat passes off as its own. */
export const ACCOMPLICE = 'honest-1'

export const MINERS: readonly MinerRole[] = [
  { name: ACCOMPLICE, behaviour: 'honest', declares: 'small', runs: 'small' },
  { name: 'honest-2', behaviour: 'honest', declares: 'small', runs: 'small' },
  { name: 'honest-3', behaviour: 'honest', declares: 'small', runs: 'small' },
  { name: 'weak', behaviour: 'weak', declares: 'nano', runs: 'nano' },
  { name: 'substitute', behaviour: 'substitute', declares: 'small', runs: 'nano' },
  { name: 'copycat', behaviour: 'copycat', declares: 'small', runs: 'small' },
  { name: 'faulty', behaviour: 'faulty', declares: 'small', runs: 'small' },
]

export const VALIDATORS: readonly ValidatorRole[] = [
  { name: 'validator-1', stake: 1_200n },
  { name: 'validator-2', stake: 1_000n },
]
