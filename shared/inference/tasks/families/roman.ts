import { makeNumber } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

/** Signs for one, five and ten of a place, from the ones up. */
const PLACES = ['IVX', 'XLC', 'CDM']
/** How a digit is written, with a, b and c for one, five and ten of its place. */
const DIGITS = ['', 'a', 'aa', 'aaa', 'ab', 'b', 'ba', 'baa', 'baaa', 'ac']

/** Each digit that is not zero beside its roman form: `200CC, 40XL, 7VII`. */
export const roman: Family = {
  name: 'roman',
  ask(random, lean) {
    const number = makeNumber(random, 2 + sizeBelow(random, 2, lean))
    const steps: string[] = []
    let answer = ''
    for (const [place, signs] of [...PLACES.entries()].reverse()) {
      const digit = Math.floor(number / 10 ** place) % 10
      const form = DIGITS[digit]!.replace(/./g, (letter) => signs['abc'.indexOf(letter)]!)
      if (digit > 0) steps.push(`${digit * 10 ** place}${form}`)
      answer += form
    }
    return { request: `write ${number} in roman`, steps, answer }
  },
}
