import type { ScoringConfig } from '../scoring/config.ts'
import { abilityOf } from '../scoring/families.ts'
import type { ScoreBook } from '../scoring/score-book.ts'
import { isSilenced } from '../scoring/verdict-strikes.ts'

/** What earlier rounds say of the next one's prompts and judges. */
export interface Past {
  /** How able the swarm is in a family of questions, in [0, 1]. */
  readonly abilityOf: (family: string) => number
  /** Keys of the prompts that were asked lately: see `promptKey`. */
  readonly asked: Iterable<string>
  /** Whether what a judge says counts for nothing. */
  readonly isSilenced: (hotkey: string) => boolean
}

/** The past as the book before a round has it. */
export function pastOf(book: Pick<ScoreBook, 'families' | 'asked' | 'miners'>, scoring: ScoringConfig): Past {
  return {
    abilityOf: (family) => abilityOf(book, family),
    asked: book.asked,
    isSilenced: (hotkey) => isSilenced(book.miners[hotkey], undefined, scoring),
  }
}
