import { below } from '../../random.ts'
import { makeNumber } from '../letters.ts'
import type { Family } from '../task.ts'

/** Column addition from the right: `4+8=12`, then `7+5+1=13` with the carry. */
export const add: Family = {
  name: 'add',
  ask(random) {
    const digits = 2 + below(random, 2)
    const a = makeNumber(random, digits)
    const b = makeNumber(random, digits)
    const steps: string[] = []
    let carry = 0
    for (let column = 0; column < digits; column++) {
      const x = Math.floor(a / 10 ** column) % 10
      const y = Math.floor(b / 10 ** column) % 10
      const sum = x + y + carry
      steps.push(`${x}+${y}${carry ? '+1' : ''}=${sum}`)
      carry = sum > 9 ? 1 : 0
    }
    return { request: `add ${a} and ${b}`, steps, answer: String(a + b) }
  },
}
