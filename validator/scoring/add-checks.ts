import type { JudgeTally } from './score-book.ts'

/** What was delivered and checked of a judge in both together. */
export function addChecks(one: JudgeTally, other: JudgeTally): JudgeTally {
  return {
    verdicts: one.verdicts + other.verdicts,
    tokens: one.tokens + other.tokens,
    replayed: one.replayed + other.replayed,
    mismatched: one.mismatched + other.mismatched,
    canaries: one.canaries + other.canaries,
    obeyed: one.obeyed + other.obeyed,
  }
}
