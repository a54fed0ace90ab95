import type { Evidence } from '../../../shared/proof/evidence/evidence.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import type { Reading } from '../../../shared/verify/verifier.ts'
import type { AuditedAnswer } from '../../../validator/round/types.ts'

/** What the audit made of one answer, and what it saw on the way. */
export interface Trial {
  readonly verdict: AuditedAnswer['result']
  /** The audit's line, empty where it accepted. */
  readonly reason: string
  /** In nats. */
  readonly surprise: number
  /** Of an accepted answer: what it adds to the sums over many. */
  readonly evidence: readonly Evidence[]
  /** Undefined where nothing was revealed. */
  readonly claim: Claim | undefined
  /** Margins and log-probabilities; `projected` holds the validator's sketches of all rows. Undefined where the answer was not read. */
  readonly reading: Reading | undefined
  /** The miner's sketches of all rows, row-major [tokens, SKETCH_VALUES]; undefined where it has none that could be compared. */
  readonly claimed: Float32Array | undefined
}

/** How many answers of one kind came through. */
export interface Tally {
  readonly tried: number
  readonly accepted: number
  readonly rejected: number
  /** Inconclusive: neither paid nor punished. */
  readonly unjudged: number
  /** Never revealed, or refused: no answer at all. */
  readonly missed: number
}

export function tally(trials: readonly Pick<Trial, 'verdict'>[]): Tally {
  const count = (...verdicts: Trial['verdict'][]) =>
    trials.filter(({ verdict }) => verdicts.includes(verdict)).length
  return {
    tried: trials.length,
    accepted: count('accept'),
    rejected: count('reject'),
    unjudged: count('inconclusive'),
    missed: count('missed', 'refused'),
  }
}

/** Reasons of what was not accepted by how often they came, without their numbers, most frequent first. */
export function reasonsOf(trials: readonly Pick<Trial, 'verdict' | 'reason'>[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { verdict, reason } of trials) {
    if (verdict === 'accept') continue
    const kind = reason.replace(/-?\d[\d.e+-]*/g, '#')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
}
