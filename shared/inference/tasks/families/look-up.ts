import { below, pick } from '../../random.ts'
import { distinctLetters, makeNumber } from '../letters.ts'
import type { Family } from '../task.ts'

/** Finds a key among pairs, passing over those before it. */
export const lookUp: Family = {
  name: 'look-up',
  ask(random) {
    const keys = distinctLetters(random, 3 + below(random, 2))
    const pairs = keys.map((key) => `${key}${makeNumber(random, 2)}`)
    const key = pick(random, keys)
    const steps = pairs.slice(0, keys.indexOf(key) + 1)
    return { request: `get ${key} in ${pairs.join(' ')}`, steps, answer: steps.at(-1)!.slice(1) }
  },
}
