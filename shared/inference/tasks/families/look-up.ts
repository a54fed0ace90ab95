import { below } from '../../random.ts'
import { distinctLetters, makeNumber } from '../letters.ts'
import type { Family } from '../task.ts'

/** Walks along pairs and names the keys, up to the wanted one, whose number it reads out: `h, z, d74`. */
export const lookUp: Family = {
  name: 'look-up',
  ask(random) {
    const keys = distinctLetters(random, 3 + below(random, 2))
    const numbers = keys.map(() => makeNumber(random, 2))
    const wanted = below(random, keys.length)
    const answer = String(numbers[wanted]!)
    const pairs = keys.map((key, i) => `${key}${numbers[i]}`).join(' ')
    const steps = [...keys.slice(0, wanted), `${keys[wanted]}${answer}`]
    return { request: `get ${keys[wanted]} in ${pairs}`, steps, answer }
  },
}
