import type { Random } from '../random.ts'
import { makeProse, makeTask } from '../tasks/make-task.ts'
import type { Document } from './batch.ts'

/** Draws training documents: stories with the given probability, else tasks of all families alike. */
export function documentSource(proseShare: number): (random: Random) => Document {
  return (random) => {
    const isProse = random() < proseShare
    const { prompt, worked } = isProse ? makeProse(random) : makeTask(random)
    // The steps begin on the second line.
    return { prompt, answer: worked, freeCharacters: isProse ? worked.length : worked.indexOf('\n') }
  }
}
