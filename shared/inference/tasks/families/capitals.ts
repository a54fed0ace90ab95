import { below } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family } from '../task.ts'

/** Each letter beside its capital. */
export const capitals: Family = {
  name: 'capitals',
  ask(random) {
    const word = makeWord(random, 5 + below(random, 4))
    const steps = Array.from(word, (letter) => letter + letter.toUpperCase())
    return { request: `shout ${word}`, steps, answer: word.toUpperCase() }
  },
}
