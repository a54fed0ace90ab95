import { makeWord } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family, Solution } from '../task.ts'

/** Each letter beside its capital. */
export const capitals: Family = {
  name: 'capitals',
  ask(random, lean) {
    const word = makeWord(random, 5 + sizeBelow(random, 4, lean))
    return { request: `shout ${word}`, ...capitalized(word) }
  },
}

export function capitalized(word: string): Solution {
  return { steps: Array.from(word, (letter) => letter + letter.toUpperCase()), answer: word.toUpperCase() }
}
