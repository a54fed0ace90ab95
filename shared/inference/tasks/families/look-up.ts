import { below } from '../../random.ts'
import { distinctLetters, makeWord } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

/**
 * Finds a key among pairs and copies what follows it: `Dkam`. Keys are capitals and values are not, so that the letter
 * before the copy says where to copy from.
 */
export const lookUp: Family = {
  name: 'look-up',
  ask(random, lean) {
    const keys = distinctLetters(random, 3 + sizeBelow(random, 3, lean)).map((letter) => letter.toUpperCase())
    const values = keys.map(() => makeWord(random, 3))
    const wanted = below(random, keys.length)
    const pairs = keys.map((key, i) => key + values[i]).join(' ')
    const answer = values[wanted]!
    return { request: `get ${keys[wanted]} in ${pairs}`, steps: [keys[wanted] + answer], answer }
  },
}
