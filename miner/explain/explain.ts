import { printableLine } from '../../shared/process/printable.ts'
import { toHex } from '../../shared/proof/hash.ts'
import { type MinerRow, minerRowSchema } from '../../shared/proof/miner-row.ts'
import type { RowReceipt } from '../../shared/proof/receipt.ts'
import { type CheckLine, holds, renderChecks } from '../check-line.ts'
import { type ProofSources, proofLines } from './proof.ts'
import { checkFormula, roundLines, scoreLines } from './score.ts'

/** Why a miner earned what it earned in one round of one validator. */
export interface Explanation {
  readonly round: number
  readonly validator: string
  /** Root over the round’s rows, hex. */
  readonly root: string
  readonly row: MinerRow
  readonly checks: readonly CheckLine[]
  /** False where something contradicts the receipt. */
  readonly ok: boolean
}

/** @param further checks against other sources, such as a published round */
export function explainReceipt(
  receipt: RowReceipt,
  sources: ProofSources,
  further: readonly CheckLine[] = [],
): Explanation {
  const row = rowOf(receipt)
  const checks = [checkFormula(row), ...proofLines(receipt, sources), ...further]
  const { round, root } = receipt
  return { round, validator: sources.validator, root: toHex(root), row, checks, ok: holds(checks) }
}

/** The row of a receipt that was accepted. */
export function rowOf({ row }: RowReceipt): MinerRow {
  return minerRowSchema.parse(JSON.parse(new TextDecoder().decode(row)))
}

/** For a terminal. */
export function renderExplanation({ round, validator, row, checks }: Explanation): string {
  const { hotkey, uid, model, penalisedUntil } = row
  const penalty = penalisedUntil > round ? [`penalty  no score before round ${penalisedUntil}`] : []
  const reasons = row.reasons.map((reason) => `  - ${reason}`)
  return [
    `round ${round} of validator ${validator}`,
    `miner    ${hotkey}, uid ${uid}, model ${model}`,
    '',
    ...scoreLines(row),
    ...penalty,
    '',
    ...roundLines(row),
    '',
    reasons.length === 0 ? 'nothing held the score back' : 'what held the score back, and what went wrong:',
    ...reasons,
    '',
  ]
    .map(printableLine)
    .concat(renderChecks(checks))
    .join('\n')
}
