import { weightsFromScores } from '../../../shared/chain/weights.ts'
import type { Row } from './ledger.ts'

/** The u16 weights that scores are on chain, by uid. */
export function toRow(scores: readonly number[]): Row {
  const { uids, weights } = weightsFromScores(scores.map((score, uid) => ({ uid, score })))
  const row = new Array<number>(scores.length).fill(0)
  uids.forEach((uid, at) => {
    row[uid] = weights[at]!
  })
  return row
}
