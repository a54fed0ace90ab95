import { makeNumber } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

/** The largest number so far, after each one. */
export const largest: Family = {
  name: 'largest',
  ask(random, lean) {
    const numbers = Array.from({ length: 4 + sizeBelow(random, 2, lean) }, () => makeNumber(random, 2))
    const steps = numbers.map((_, i) => String(Math.max(...numbers.slice(0, i + 1))))
    return { request: `find the most of ${numbers.join(' ')}`, steps, answer: steps.at(-1)! }
  },
}
