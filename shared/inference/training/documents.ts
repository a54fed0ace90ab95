import type { Random } from '../random.ts'
import { makeBareTask, makeProse, makeTask } from '../tasks/make-task.ts'
import type { Document } from './batch.ts'

/** Probabilities of a bare question and of an open-ended story; the rest are tasks as challenges ask them. */
export interface DocumentMix {
  readonly bare: number
  readonly prose: number
}

export function drawDocument(random: Random, mix: DocumentMix): Document {
  const draw = random()
  if (draw < mix.bare) {
    const { prompt, worked } = makeBareTask(random)
    return { prompt, answer: worked, freeCharacters: 0 }
  }
  if (draw < mix.bare + mix.prose) {
    const { prompt, worked } = makeProse(random)
    return { prompt, answer: worked, freeCharacters: worked.length }
  }
  const { prompt, worked } = makeTask(random)
  // The steps begin on the second line.
  return { prompt, answer: worked, freeCharacters: worked.indexOf('\n') }
}
