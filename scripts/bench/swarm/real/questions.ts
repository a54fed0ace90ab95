import { FAMILIES } from '../../../../shared/inference/tasks/families.ts'
import { makeTask } from '../../../../shared/inference/tasks/make-task.ts'
import type { WorkedTask } from '../../../../shared/inference/tasks/task.ts'
import { taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { seededRandom } from '../../../../shared/proof/random.ts'

/** One challenge whose answer is known. */
export interface Question {
  /** Challenge id, 32 bytes. */
  readonly id: Uint8Array
  readonly task: WorkedTask
}

/**
 * Fresh tasks as a validator makes them, each family as often as the others (to within one): the plain mix without its luck.
 * @param stream tells the questions of one measurement from those of another
 */
export function drawQuestions(seed: number, stream: number, count: number): Question[] {
  return Array.from({ length: count }, (_, index) => {
    const id = taggedHash('starling/bench/question/v1', u32(seed), u32(stream), u32(index))
    return { id, task: makeTask(seededRandom(id), FAMILIES[index % FAMILIES.length]!.name) }
  })
}
