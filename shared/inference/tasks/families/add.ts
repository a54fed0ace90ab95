import { makeNumber } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family, Solution } from '../task.ts'

/** Column addition from the right: `4+8=12`, then `7+5+1=13` with the carry. */
export const add: Family = {
  name: 'add',
  ask(random, lean) {
    const digits = 2 + sizeBelow(random, 2, lean)
    const a = makeNumber(random, digits)
    const b = makeNumber(random, digits)
    return { request: `add ${a} and ${b}`, ...addition(a, b) }
  },
}

/** One column for each digit of the longer number. */
export function addition(a: number, b: number): Solution {
  const steps: string[] = []
  let carry = 0
  for (let unit = 1; unit <= Math.max(a, b); unit *= 10) {
    const x = Math.floor(a / unit) % 10
    const y = Math.floor(b / unit) % 10
    const sum = x + y + carry
    steps.push(`${x}+${y}${carry ? '+1' : ''}=${sum}`)
    carry = sum > 9 ? 1 : 0
  }
  return { steps, answer: String(a + b) }
}
