import { makeNumber } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

/** Column subtraction from the right: `12-8=4` where ten is borrowed, then `7-5-1=1` to give it back. */
export const subtract: Family = {
  name: 'subtract',
  ask(random, lean) {
    const digits = 2 + sizeBelow(random, 2, lean)
    const first = makeNumber(random, digits)
    const second = makeNumber(random, digits)
    const [large, small] = first > second ? [first, second] : [second, first]
    const steps: string[] = []
    let borrowed = 0
    for (let column = 0; column < digits; column++) {
      const x = Math.floor(large / 10 ** column) % 10
      const y = Math.floor(small / 10 ** column) % 10
      const lends = x - y - borrowed < 0
      const minuend = lends ? x + 10 : x
      steps.push(`${minuend}-${y}${borrowed ? '-1' : ''}=${minuend - y - borrowed}`)
      borrowed = lends ? 1 : 0
    }
    return { request: `take ${small} from ${large}`, steps, answer: String(large - small) }
  },
}
