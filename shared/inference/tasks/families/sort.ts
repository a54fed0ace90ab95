import { below } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family } from '../task.ts'

/** Insertion sort of digits, the sorted prefix after each one. */
export const sort: Family = {
  name: 'sort',
  ask(random) {
    const digits = makeWord(random, 4 + below(random, 3), '0123456789')
    const steps = Array.from(digits, (_, i) => sorted(digits.slice(0, i + 1)))
    return { request: `sort ${digits}`, steps, answer: sorted(digits) }
  },
}

function sorted(digits: string): string {
  return [...digits].sort().join('')
}
