import { below } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family } from '../task.ts'

/** Spells a word from its end, letter by letter. */
export const reverse: Family = {
  name: 'reverse',
  ask(random) {
    const word = makeWord(random, 5 + below(random, 4))
    const letters = [...word].reverse()
    return { request: `reverse ${word}`, steps: letters, answer: letters.join('') }
  },
}
