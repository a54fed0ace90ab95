import { makeWord } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family, Solution } from '../task.ts'

/** Insertion sort of digits, the sorted prefix after each one. */
export const sort: Family = {
  name: 'sort',
  ask(random, lean) {
    const digits = makeWord(random, 4 + sizeBelow(random, 3, lean), '0123456789')
    return { request: `sort ${digits}`, ...insertionSort(digits) }
  },
}

export function insertionSort(digits: string): Solution {
  const steps = Array.from(digits, (_, i) => [...digits.slice(0, i + 1)].sort().join(''))
  return { steps, answer: steps.at(-1)! }
}
