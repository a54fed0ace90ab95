import { below } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family, Solution } from '../task.ts'

/** Each letter beside its capital. */
export const capitals: Family = {
  name: 'capitals',
  ask(random) {
    const word = makeWord(random, 5 + below(random, 4))
    return { request: `shout ${word}`, ...capitalized(word) }
  },
}

export function capitalized(word: string): Solution {
  return { steps: Array.from(word, (letter) => letter + letter.toUpperCase()), answer: word.toUpperCase() }
}
