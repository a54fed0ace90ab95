import { pick } from '../../random.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

const LETTERS = [...'abcdefgh']

/** Walks along a word with a running tally: `a1, f1, a2`. */
export const count: Family = {
  name: 'count',
  ask(random, lean) {
    const letter = pick(random, LETTERS)
    // Two in five are the wanted letter, so that the tally moves.
    const word = Array.from({ length: 5 + sizeBelow(random, 4, lean) }, () =>
      random() < 0.4 ? letter : pick(random, LETTERS),
    )
    let tally = 0
    const steps = word.map((seen) => {
      if (seen === letter) tally += 1
      return `${seen}${tally}`
    })
    return { request: `count ${letter} in ${word.join('')}`, steps, answer: String(tally) }
  },
}
