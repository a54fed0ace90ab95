import { taggedHash, u32 } from '../proof/hash.ts'

/**
 * What the validator's verifiable random function is asked for which verdicts on a challenge are replayed. Its output is nobody's
 * choice, stays secret until the round is published, and can be checked then.
 */
export function verdictLotMessage(challenge: Uint8Array): Uint8Array {
  return taggedHash('starling/verdict-lot/v1', challenge)
}

/**
 * The verdicts of one judge that are computed again.
 * @param lot the output of that function, 32 bytes
 * @param judge public key, 32 bytes
 * @param verdicts numbers of those that the judge was asked for
 * @param share probability of each, in [0, 1]
 */
export function replayedVerdicts(
  lot: Uint8Array,
  judge: Uint8Array,
  verdicts: readonly number[],
  share: number,
): number[] {
  return verdicts.filter((k) => {
    const drawn = taggedHash('starling/verdict-draw/v1', lot, judge, u32(k))
    return new DataView(drawn.buffer).getUint32(0, true) < share * 2 ** 32
  })
}
