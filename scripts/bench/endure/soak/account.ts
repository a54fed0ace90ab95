/** A line of a validator's log, as far as rounds are told by it. */
export interface RoundLine {
  readonly round?: number
  readonly msg: string
}

export interface Account {
  /** Rounds that were due. */
  readonly due: number
  readonly settled: number
  /** Rounds that were not settled, by what the log says of them. */
  readonly told: Readonly<Record<string, number>>
  /** Rounds of which neither the journal nor the log says what became of them. */
  readonly unaccounted: readonly number[]
  /** Rounds that the journal holds more than once. */
  readonly twice: readonly number[]
}

/** Lines that begin a round or go through it explain nothing. */
const EXPLAINS = /^(round (failed|given up|skipped|counts for nobody)|no miner to ask)/

/** Holds what the journal settled against the rounds that the chain's blocks made due. */
export function accountFor(
  first: number,
  last: number,
  journal: readonly number[],
  log: readonly RoundLine[],
): Account {
  const settled = new Set(journal)
  const reasons = new Map(
    log.flatMap(({ round, msg }) => (round !== undefined && EXPLAINS.test(msg) ? [[round, msg]] : [])),
  )
  const due = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  const open = due.filter((round) => !settled.has(round))
  const told: Record<string, number> = {}
  for (const round of open) {
    const reason = reasons.get(round)
    if (reason !== undefined) told[reason] = (told[reason] ?? 0) + 1
  }
  return {
    due: due.length,
    settled: due.length - open.length,
    told,
    unaccounted: open.filter((round) => !reasons.has(round)),
    twice: journal.filter((round, at) => journal.indexOf(round) !== at),
  }
}
