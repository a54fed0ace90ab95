import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { canonicalHash } from '../../../shared/proof/canonical-json.ts'
import { receiptMessage } from '../../../shared/proof/receipt.ts'
import { rankAnswers, rankRules } from '../../round/rank-answers.ts'
import { rootOfRows } from '../../round/receipts.ts'
import { minerRows, roundOutcome } from '../../round/settle.ts'
import type { JudgedField, Participant } from '../../round/types.ts'
import { scoreMiners } from '../../scoring/score-miners.ts'
import { settleRound } from '../../scoring/settle-round.ts'
import { rankingRecord, settledRecord } from '../../transcript/round-records.ts'
import type { RoundFile } from '../read-round.ts'
import { type Check, checked } from '../report.ts'
import { faultOf, recordFaults } from '../same.ts'
import type { FileAnswer } from './answers.ts'
import { scoreContextOf } from './participants.ts'

/** Ranks, settles and scores the round again, from its answers, verdicts and the book before it. */
export function settlementChecks(
  file: RoundFile,
  participants: readonly Participant[],
  answers: readonly FileAnswer[],
  fields: readonly JudgedField[],
): Check[] {
  const { round, neurons, book, controls, ranking, outcome, settled, standing } = file
  const { config, validator, round: number } = round.record
  const { scoring } = config
  const before = book.record.book
  const audited = answers.map((answer) => answer.audited)
  const ranks = rankRules(before, scoring, controls.record.passed)
  const ranked = rankAnswers(fields, config.round.judgeMethod, ranks)
  const rankFaults = recordFaults(ranking, rankingRecord({ audited, ranking: ranked }))

  const came = roundOutcome(number, audited, ranked, controls.record.passed)
  const outcomeFaults = recordFaults(outcome, { kind: 'outcome', outcome: came })

  const after = settleRound(before, came, scoring)
  const scores = scoreMiners(after, scoreContextOf(file, scoring))
  const rows = minerRows(participants, audited, ranked, scores)
  const rowFaults = file.row.flatMap((placed, i) => {
    const row = rows[i]
    return row === undefined
      ? [faultOf(placed, `${rows.length} rows were due`)]
      : recordFaults(placed, { kind: 'row', row })
  })
  if (file.row.length < rows.length) {
    rowFaults.push({ record: 'row', why: `that of ${rows[file.row.length]!.hotkey} is missing` })
  }

  const rowsRoot = rootOfRows(rows)
  const { rules, signature } = settled.record
  const subnet = { metagraph: { neurons: neurons.record.neurons }, rules }
  const settledFaults = recordFaults(
    settled,
    settledRecord({ subnet, scores, rowsRoot, rowsSignature: signature }),
  )
  if (!verifySignature(receiptMessage(number, rows.length, rowsRoot), signature, validator))
    settledFaults.push(faultOf(settled, 'is not the validator’s over the root of these rows', 'signature'))

  const standingFaults = recordFaults(standing, {
    ...{ kind: 'standing', round: number, book: canonicalHash(after), config: canonicalHash(config) },
  })
  return [
    checked('ranking', `${fields.length} verdicts give the quality of each answer`, rankFaults),
    checked('outcome', 'answers, ranking and judges come to this outcome', outcomeFaults),
    checked('rows', `the book and the outcome come to these ${rows.length} rows`, rowFaults),
    checked('settlement', 'root and signature of the rows, and the weights of the scores', settledFaults),
    checked('standing', 'the book that the next round begins with', standingFaults),
  ]
}
