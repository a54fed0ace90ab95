import type { RoundEntry, WeightsEntry } from '../../../../validator/store/entries.ts'
import type { Life } from './life.ts'

/** What one validator did over all its lives. */
interface Lived {
  readonly lives: readonly Life[]
  readonly problems: readonly string[]
  readonly rounds: readonly RoundEntry[]
  readonly weights: readonly WeightsEntry[]
  /** Blocks with weights of it, once for each transaction. */
  readonly sent: readonly number[]
}

/** What a run of kills came to. */
export interface EnduranceKills {
  readonly kills: number
  readonly rounds: number
  /** Rounds that were opened and not settled: those that a kill took. */
  readonly givenUp: number
  /** Transactions with weights, rounds whose weights they carry, and receipts in journals. */
  readonly weightsSent: number
  readonly weightsTwice: number
  readonly weightsUnknown: number
  /** What it was doing when it was killed → how often. */
  readonly deaths: Readonly<Record<string, number>>
  readonly problems: readonly string[]
}

/** Holds journals against what was said and what is on the chain. */
export function accountOf(lived: readonly Lived[]): EnduranceKills {
  const lives = lived.flatMap((one) => one.lives)
  const deaths: Record<string, number> = {}
  for (const { last } of lives) deaths[last] = (deaths[last] ?? 0) + 1
  const sum = (of: (one: Lived) => number) => lived.reduce((total, one) => total + of(one), 0)
  return {
    kills: lives.filter(({ ended }) => ended === undefined).length,
    rounds: sum(({ rounds }) => rounds.length),
    givenUp: sum(({ lives, rounds }) => new Set(lives.flatMap(({ opened }) => opened)).size - rounds.length),
    weightsSent: sum(({ sent }) => sent.length),
    weightsTwice: sum(twice),
    weightsUnknown: sum(unknown),
    deaths,
    problems: lived.flatMap(({ problems }) => problems),
  }
}

/** Receipts beyond the first of one round, and transactions beyond the first of one block. */
function twice({ weights, sent }: Lived): number {
  const rounds = weights.length - new Set(weights.map(({ round }) => round)).size
  return rounds + sent.length - new Set(sent).size
}

/** Transactions without a receipt, but for the newest: the last kill may have come before that was written down. */
function unknown({ weights, sent }: Lived): number {
  const known = new Set(weights.map(({ block }) => block))
  return sent.slice(0, -1).filter((block) => !known.has(block)).length
}
