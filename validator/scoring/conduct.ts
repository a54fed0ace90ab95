import type { ScoringConfig } from './config.ts'
import type { AnswerOutcome } from './outcome.ts'

/** What one miner's answers of one round prove about its conduct. */
export interface Conduct {
  /** Model that this round's credit is for: the one it had, or, if none of its answers is that model's, the one it proved. */
  readonly model: string | null
  /** Share of good conduct in [0, 1] that `verified` moves towards; null when the round proves nothing. */
  readonly target: number | null
  /** Whether the accepted answers hold enough surprise to raise a score. */
  readonly credited: boolean
  /** Accepted, sampled answers of any model; they are quality evidence for that model when credited. */
  readonly accepted: readonly AnswerOutcome[]
  readonly rejected: boolean
}

/**
 * Reads one miner's answers of one round. Greedy accepts and inconclusive answers are left out: neither proves anything. An
 * accepted answer of another model than the round's counts like a miss, or a miner could show the dear model once a round and
 * serve the rest with a cheap one. Refusals cost `refusalCost` of a miss up to the allowance, and a full miss beyond it.
 */
export function readConduct(
  answers: readonly AnswerOutcome[],
  provenModel: string | null,
  config: ScoringConfig,
): Conduct {
  const accepted = answers.filter((answer) => answer.result === 'accept' && !answer.greedy)
  const credited = accepted.reduce((nats, answer) => nats + answer.surprise, 0) >= config.creditNats
  const model = roundModel(accepted, provenModel, credited)
  const good = accepted.filter((answer) => answer.model === model).length
  const missed = answers.filter((answer) => answer.result === 'missed').length
  const refused = answers.filter((answer) => answer.result === 'refused').length
  const cheap = Math.min(refused, config.refusalAllowance * answers.length)
  const bad = missed + (accepted.length - good) + (refused - cheap) + cheap * config.refusalCost
  return {
    model,
    target: good + bad > 0 ? good / (good + bad) : null,
    credited,
    accepted,
    rejected: answers.some((answer) => answer.result === 'reject'),
  }
}

/** The proven model while any answer is its; else, with credit, the model of most accepted answers, ties to the lower hash. */
function roundModel(
  accepted: readonly AnswerOutcome[],
  proven: string | null,
  credited: boolean,
): string | null {
  if (!credited || accepted.some((answer) => answer.model === proven)) return proven
  const counts = new Map<string, number>()
  for (const { model } of accepted) counts.set(model, (counts.get(model) ?? 0) + 1)
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return ranked[0]?.[0] ?? proven
}

/**
 * `verified` after a round: it closes a fraction of the gap to the target, larger downwards than upwards. Without credit it may
 * fall but not rise; a round that proves nothing leaves it alone.
 */
export function moveVerified(verified: number, conduct: Conduct, config: ScoringConfig): number {
  if (conduct.target === null) return verified
  const gap = conduct.target - verified
  if (gap <= 0) return verified + config.verifiedFall * gap
  return conduct.credited ? verified + config.verifiedRise * gap : verified
}
