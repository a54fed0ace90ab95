import type { Random } from '../random.ts'
import { makeProse, makeTask } from '../tasks/make-task.ts'
import type { Document } from './batch.ts'

/** Draws training documents: stories with the given probability, else tasks of all families alike. */
export function documentSource(proseShare: number): (random: Random) => Document {
  return (random) => {
    const { prompt, worked } = random() < proseShare ? makeProse(random) : makeTask(random)
    return { prompt, answer: worked }
  }
}
