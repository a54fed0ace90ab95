import { applyStretch } from '../../shared/proof/cusum.ts'
import { STATISTICS, type Statistic } from '../../shared/proof/evidence/parameters.ts'
import type { ScoringConfig } from './config.ts'
import type { AnswerOutcome } from './outcome.ts'
import type { EvidenceRecord, MinerRecord, ScoreBook } from './score-book.ts'

/** Of a hotkey that was never audited. */
export const NO_EVIDENCE: EvidenceRecord = { sums: {}, alarm: null }

/** A hotkey's evidence after a round, and whether a sum reached its threshold in it: that is a reject. */
export interface EvidenceStep {
  readonly record: EvidenceRecord
  readonly alarmed: boolean
}

/**
 * Adds one hotkey's answers of a round to its sums: one for each declared model and statistic, whatever classes the answers were
 * computed in. Only accepted answers count: an inconclusive one proves nothing, and a reject is punished by itself. Nothing
 * counts in a round whose controls failed. A reject, by an answer or by a sum, settles the account: that model's sums start again
 * from 0, so that nothing is punished twice.
 *
 * @param answers in canonical order
 */
export function stepEvidence(
  before: EvidenceRecord,
  answers: readonly AnswerOutcome[],
  { round, controlsPassed }: { readonly round: number; readonly controlsPassed: boolean },
): EvidenceStep {
  if (!controlsPassed) return { record: before, alarmed: false }
  const sums = new Map(Object.entries(before.sums).map(([model, own]) => [model, { ...own }]))
  const settled = new Set<string>()
  let alarm: EvidenceRecord['alarm'] = null
  for (const { model, result, evidence = [] } of answers) {
    if (result === 'reject') settled.add(model)
    if (result !== 'accept') continue
    for (const { statistic, ...stretch } of evidence) {
      const own = sums.get(model) ?? {}
      const { sum, peak } = applyStretch(own[statistic] ?? 0, stretch)
      sums.set(model, { ...own, [statistic]: sum })
      if (peak < 1) continue
      settled.add(model)
      alarm ??= { round, model, statistic }
    }
  }
  for (const model of settled) sums.delete(model)
  return { record: { sums: positiveSums(sums), alarm: alarm ?? before.alarm }, alarmed: alarm !== null }
}

/** A sum that stands near its threshold. */
export interface WatchedSum {
  readonly model: string
  readonly statistic: Statistic
  /** Share of the threshold. */
  readonly sum: number
}

/**
 * The sums of a miner that stand so near to their threshold that its operator should know, and a validator's, too. They are no secret:
 * whoever has the calibration and its own answers can add them up, and published rounds hold them.
 */
export function watchedSums({ evidence }: MinerRecord, config: ScoringConfig): WatchedSum[] {
  return Object.entries(evidence.sums).flatMap(([model, own]) =>
    STATISTICS.flatMap((statistic) => {
      const sum = own[statistic] ?? 0
      return sum >= config.evidenceWatch ? [{ model, statistic, sum }] : []
    }),
  )
}

/** The hotkeys of a book with such a sum, with the highest of each. */
export function hotkeysToWatch(book: ScoreBook, config: ScoringConfig): Record<string, number> {
  return Object.fromEntries(
    Object.entries(book.miners).flatMap(([hotkey, record]) => {
      const sums = watchedSums(record, config).map(({ sum }) => sum)
      return sums.length === 0 ? [] : [[hotkey, Math.max(...sums)]]
    }),
  )
}

/** In one order and without zeros, so that equal evidence is equal bytes in a snapshot. */
function positiveSums(sums: ReadonlyMap<string, EvidenceRecord['sums'][string]>): EvidenceRecord['sums'] {
  return Object.fromEntries(
    [...sums]
      .map(([model, own]) => [model, positive(own)] as const)
      .filter(([, own]) => Object.keys(own).length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function positive(own: EvidenceRecord['sums'][string]): EvidenceRecord['sums'][string] {
  return Object.fromEntries(
    Object.entries(own)
      .filter(([, sum]) => sum > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
