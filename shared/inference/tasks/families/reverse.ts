import { makeWord } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family, Solution } from '../task.ts'

/** Spells a word from its end, letter by letter. */
export const reverse: Family = {
  name: 'reverse',
  ask(random, lean) {
    const word = makeWord(random, 5 + sizeBelow(random, 4, lean))
    return { request: `reverse ${word}`, ...reversal(word) }
  },
}

export function reversal(word: string): Solution {
  const letters = [...word].reverse()
  return { steps: letters, answer: letters.join('') }
}
