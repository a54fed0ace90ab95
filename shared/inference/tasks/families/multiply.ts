import { below } from '../../random.ts'
import { makeNumber } from '../letters.ts'
import type { Family } from '../task.ts'

/** Two digits by one, from the right: `7*6=42`, then `4*6+4=28` with the carry. */
export const multiply: Family = {
  name: 'multiply',
  ask(random) {
    const a = makeNumber(random, 2)
    const b = 2 + below(random, 8)
    const [tens, ones] = [Math.floor(a / 10), a % 10]
    const low = ones * b
    const carry = Math.floor(low / 10)
    const high = tens * b + carry
    const steps = [`${ones}*${b}=${low}`, `${tens}*${b}${carry ? `+${carry}` : ''}=${high}`]
    return { request: `multiply ${a} by ${b}`, steps, answer: String(a * b) }
  },
}
