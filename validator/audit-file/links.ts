import { toHex } from '../../shared/proof/hash.ts'
import { checkSeal } from './check-seal.ts'
import { readRound } from './read-round.ts'
import { type Check, checked, skipped } from './report.ts'
import { faultOf } from './same.ts'

/** Whether a later file of a validator names an earlier one by its true seal: what the later one's anchor put on the chain. */
export function linkCheck(earlier: Uint8Array, later: Uint8Array): Check {
  const { seal } = checkSeal(earlier)
  const read = readRound(checkSeal(later).lines)
  if (seal === undefined || 'faults' in read) return skipped('link', 'one of the two files is not whole')
  const placed = read.file.previous
  const { previous } = placed.record
  if (previous?.round !== seal.round)
    return skipped(
      'link',
      `it names round ${previous?.round ?? 'none'}, not ${seal.round}, as the one before`,
    )
  const isSame = toHex(previous.seal) === toHex(seal.root)
  const faults = isSame ? [] : [faultOf(placed, `the seal of round ${seal.round} is ${toHex(seal.root)}`)]
  return checked('link', `its anchor names the seal of round ${seal.round}`, faults)
}
