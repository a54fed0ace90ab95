import { StarlingError } from '../../shared/process/errors.ts'
import { type RoundOutcome, roundOutcomeSchema } from './outcome.ts'

/**
 * The outcome, checked and in one order (by hotkey, then challenge), so that sums come out the same to the last bit however
 * its rows were collected.
 *
 * @throws StarlingError OUTCOME_INVALID for a field out of range, or two rows for one miner and challenge
 */
export function canonicalOutcome(outcome: RoundOutcome): RoundOutcome {
  const parsed = roundOutcomeSchema.safeParse(outcome)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(`${issue?.path.join('.') ?? 'outcome'}: ${issue?.message ?? 'malformed'}`)
  }
  const answers = sortUnique(parsed.data.answers, ({ hotkey, challengeId }) => `${hotkey} ${challengeId}`)
  const judges = sortUnique(parsed.data.judges, ({ hotkey }) => hotkey)
  return { ...parsed.data, answers, judges }
}

function sortUnique<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const keyed = rows
    .map((row) => ({ key: keyOf(row), row }))
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
  const twice = keyed.find(({ key }, at) => at > 0 && key === keyed[at - 1]!.key)
  if (twice !== undefined) throw invalid(`two rows for ${twice.key}`)
  return keyed.map(({ row }) => row)
}

function invalid(what: string): StarlingError {
  return new StarlingError(
    'OUTCOME_INVALID',
    `the round’s outcome is malformed: ${what}`,
    'settle one row a miner and challenge, with finite numbers in range',
  )
}
