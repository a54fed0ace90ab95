import { applyStretch } from '../../shared/proof/cusum.ts'
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

/** Whether a miner's evidence stands so near to a threshold that its answers deserve more audit than others'. */
export function needsMoreAudit(record: MinerRecord, config: ScoringConfig): boolean {
  const sums = Object.values(record.evidence.sums).flatMap((own) => Object.values(own))
  return sums.some((sum) => sum >= config.evidenceWatch)
}

/** The hotkeys of a book that deserve more audit. For the plan of a round; miners are not told, or they would behave meanwhile. */
export function hotkeysToWatch(book: ScoreBook, config: ScoringConfig): string[] {
  return Object.keys(book.miners).filter((hotkey) => needsMoreAudit(book.miners[hotkey]!, config))
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
