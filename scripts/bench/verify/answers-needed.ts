import { applyStretch } from '../../../shared/proof/cusum.ts'
import type { Statistic } from '../../../shared/proof/evidence/parameters.ts'
import { quantile } from '../devnet/quantile.ts'
import type { Trial } from './trial.ts'

/** Answers after which a run that was not caught ends. */
const MOST_ANSWERS = 400

/** Over runs that start at every answer: how many it takes until one is rejected or a sum raises its alarm; null is more than were tried. */
export interface AnswersNeeded {
  readonly median: number | null
  readonly p999: number | null
}

/** Answer after answer in order, from the first again after the last, with the sums of every statistic that the audit leaves. */
export function answersNeeded(trials: readonly Pick<Trial, 'verdict' | 'evidence'>[]): AnswersNeeded {
  const runs = trials.map((_, start) => run(trials, start))
  const of = (share: number) => {
    const answers = quantile(runs, share)
    return Number.isFinite(answers) ? answers : null
  }
  return { median: of(0.5), p999: of(0.999) }
}

function run(trials: readonly Pick<Trial, 'verdict' | 'evidence'>[], start: number): number {
  const sums = new Map<Statistic, number>()
  for (let n = 0; n < MOST_ANSWERS; n++) {
    const { verdict, evidence } = trials[(start + n) % trials.length]!
    if (verdict === 'reject') return n + 1
    for (const { statistic, ...stretch } of evidence) {
      const { sum, peak } = applyStretch(sums.get(statistic) ?? 0, stretch)
      if (peak >= 1) return n + 1
      sums.set(statistic, sum)
    }
  }
  return Number.POSITIVE_INFINITY
}
