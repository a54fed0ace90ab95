import { abilityOf } from '../scoring/families.ts'
import type { ScoreBook } from '../scoring/score-book.ts'

/** What earlier rounds say of the next one's prompts. */
export interface Past {
  /** How able the swarm is in a family of questions, in [0, 1]. */
  readonly abilityOf: (family: string) => number
  /** Keys of the prompts that were asked lately: see `promptKey`. */
  readonly asked: Iterable<string>
}

/** The past as the book before a round has it. */
export function pastOf(book: Pick<ScoreBook, 'families' | 'asked'>): Past {
  return { abilityOf: (family) => abilityOf(book, family), asked: book.asked }
}
