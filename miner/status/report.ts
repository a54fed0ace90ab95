import type { MinerRow } from '../../shared/proof/miner-row.ts'

/** What is known from the chain; undefined where it was not asked, or did not answer. */
export interface ChainSide {
  readonly block: number
  readonly uid: number | undefined
  /** From 1, by incentive; of the neurons without a validator's permit. */
  readonly rank: number | undefined
  readonly miners: number
  /** u16 share of the subnet's incentives. */
  readonly incentive: number
  /** Paid at the last epoch, in rao of `coin`. */
  readonly emission: bigint
  readonly coin: string
  /** Blocks between two epochs. */
  readonly tempo: number
  /** Milliseconds; undefined where the chain tells no time. */
  readonly blockMs: number | undefined
  readonly axon: string | undefined
}

/** What the running miner says of itself; an error where none answers. */
export type Running =
  | {
      readonly upSeconds: number
      readonly ready: boolean
      readonly reasons: readonly string[]
      readonly sessions: number
    }
  | { readonly error: string }

/** What one validator's newest receipts say. */
export interface ValidatorSide {
  readonly validator: string
  /** Newest first. */
  readonly rounds: readonly { readonly round: number; readonly row: MinerRow }[]
}

export interface StatusFacts {
  readonly hotkey: string
  readonly netuid: number
  readonly chain: ChainSide | { readonly error: string }
  readonly running: Running
  readonly validators: readonly ValidatorSide[]
}

/** How a miner stands; what `--json` prints. */
export interface StatusReport extends StatusFacts {
  /** What the last epoch's pay comes to in a day, in whole coins; undefined where it cannot be known. */
  readonly coinsADay: number | undefined
  /** Why scores are not higher, as validators told last, each said once. */
  readonly withheld: readonly string[]
}

const DAY_MS = 86_400_000
const RAO = 1e9

/** Puts together what chain, receipts and the running miner say. */
export function statusReport(facts: StatusFacts): StatusReport {
  const newest = facts.validators.flatMap(({ rounds }) => rounds.slice(0, 1))
  const withheld = [...new Set(newest.flatMap(({ row }) => row.reasons))]
  return { ...facts, coinsADay: coinsADay(facts.chain), withheld }
}

function coinsADay(chain: StatusFacts['chain']): number | undefined {
  if ('error' in chain || chain.blockMs === undefined || chain.blockMs <= 0 || chain.tempo <= 0)
    return undefined
  return (Number(chain.emission) / RAO) * (DAY_MS / (chain.tempo * chain.blockMs))
}
