import {
  addNetPreference,
  type NetPreference,
  netPreferenceZ,
} from '../../shared/consensus/net-preference.ts'
import type { ScoringConfig } from './config.ts'
import type { JudgeOutcome } from './outcome.ts'
import type { ScoreBook } from './score-book.ts'

/** Hotkeys remembered of one judge. A round's file holds them of all judges, and a favourite soon stands on top. */
const REMEMBERED = 4

/** What is known of a judge's favourites, and of those that it slights: the hotkeys with the largest |z|. */
export type Favourites = Readonly<Record<string, NetPreference>>

/** A judge's favourites after one more round; those that it compared nothing of decay all the same. */
export function addFavourites(
  before: Favourites,
  fresh: NonNullable<JudgeOutcome['equalPairs']>,
  halfLife: number,
): Record<string, NetPreference> {
  const none = { net: 0, count: 0 }
  const hotkeys = [...new Set([...Object.keys(before), ...Object.keys(fresh)])]
  return Object.fromEntries(
    hotkeys
      .map((hotkey): [string, NetPreference] => [
        hotkey,
        addNetPreference(before[hotkey] ?? none, fresh[hotkey] ?? none, halfLife),
      ])
      .sort(([a, one], [b, other]) => strength(other) - strength(one) || (a < b ? -1 : 1))
      .slice(0, REMEMBERED)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/**
 * Factor ≥ 1 on the share of a judge's verdicts that is computed again. `favourZ` standard deviations of net preference for, or against,
 * one hotkey on pairs of equal truth raise it to `favourReplay`. It is never a penalty: used as one it silenced honest judges with a taste
 * in common, under a large clique.
 */
export function replayBoost(
  book: ScoreBook,
  hotkey: string,
  { favourZ, favourReplay }: ScoringConfig,
): number {
  const favourites = Object.values(book.favourites[hotkey] ?? {})
  return favourites.some((preference) => strength(preference) >= favourZ) ? favourReplay : 1
}

function strength(preference: NetPreference): number {
  return Math.abs(netPreferenceZ(preference))
}
