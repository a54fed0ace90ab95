import { below, pick } from '../../random.ts'
import { makeWord } from '../letters.ts'
import type { Family } from '../task.ts'

/** Walks along a word with a running tally: `a1 b1 a2`. */
export const count: Family = {
  name: 'count',
  ask(random) {
    const letter = pick(random, ['a', 'b', 'c'])
    const word = makeWord(random, 5 + below(random, 4), 'abc')
    let tally = 0
    const steps = Array.from(word, (seen) => {
      if (seen === letter) tally += 1
      return `${seen}${tally}`
    })
    return { request: `count ${letter} in ${word}`, steps, answer: String(tally) }
  },
}
