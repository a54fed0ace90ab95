import { canonicalHash, canonicalJson } from '../../../shared/proof/canonical-json.ts'
import { equalBytes } from '../../../shared/proof/hash.ts'
import { verifyMerklePath } from '../../../shared/proof/merkle.ts'
import { emptyScoreBook } from '../../scoring/score-book.ts'
import { encodeLine } from '../../transcript/line.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'

/** The round begins where the one before it ended: its book is the one that stands under the earlier seal. */
export function continuityFaults({ round, previous: placed, book }: RoundFile): Fault[] {
  const { previous } = placed.record
  const { book: before } = book.record
  if (previous === null) {
    const isEmpty = canonicalJson(before) === canonicalJson(emptyScoreBook())
    return isEmpty ? [] : [faultOf(book, 'is not empty, and no earlier round is named that it came from')]
  }
  const { index, count, path, seal } = previous
  const standing = encodeLine({
    ...{ kind: 'standing', round: previous.round, book: previous.book, config: previous.config },
  })
  const faults: Fault[] = []
  if (previous.round >= round.record.round) {
    faults.push(faultOf(placed, `is not before round ${round.record.round}`, 'previous.round'))
  }
  if (!verifyMerklePath(seal, new TextEncoder().encode(standing), index, count, path)) {
    faults.push(faultOf(placed, 'what it ended with does not stand under its seal', 'previous.path'))
  }
  if (!equalBytes(canonicalHash(before), previous.book) || before.round !== previous.round) {
    faults.push(faultOf(book, `is not the one that round ${previous.round} ended with`))
  }
  return faults
}

/** Whether the round was played by other numbers than the one before it. */
export function isConfigNew({ round, previous }: RoundFile): boolean {
  const before = previous.record.previous?.config
  return before !== undefined && !equalBytes(before, canonicalHash(round.record.config))
}
