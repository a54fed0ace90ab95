import { below } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family, Solution } from '../task.ts'

/** Spells a word from its end, letter by letter. */
export const reverse: Family = {
  name: 'reverse',
  ask(random) {
    const word = makeWord(random, 5 + below(random, 4))
    return { request: `reverse ${word}`, ...reversal(word) }
  },
}

export function reversal(word: string): Solution {
  const letters = [...word].reverse()
  return { steps: letters, answer: letters.join('') }
}
