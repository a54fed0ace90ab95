import { FAMILIES } from '../../../../shared/inference/tasks/families.ts'
import { makeTask } from '../../../../shared/inference/tasks/make-task.ts'
import type { Task, WorkedTask } from '../../../../shared/inference/tasks/task.ts'
import { taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { seededRandom } from '../../../../shared/proof/random.ts'
import { familyDraws } from '../../../../validator/round/difficulty.ts'
import { promptFor } from '../../../../validator/round/prompts.ts'
import { defaultRoundConfig } from './config.ts'

/** One challenge whose answer is known. */
export interface Question<T extends Task = Task> {
  /** Challenge id, 32 bytes. */
  readonly id: Uint8Array
  readonly task: T
}

/**
 * Fresh tasks, each family as often as the others (to within one): the plain mix without its luck.
 * @param stream tells the questions of one measurement from those of another
 */
export function drawQuestions(seed: number, stream: number, count: number): Question<WorkedTask>[] {
  return ids(seed, stream, count).map((id, index) => {
    const { name } = FAMILIES[index % FAMILIES.length]!
    return { id, task: makeTask(seededRandom(id), name) }
  })
}

/**
 * Fresh tasks as a validator draws them, whose mix and sizes follow what the swarm is able to.
 * @param abilityOf a family's, in [0, 1]
 */
export function drawAsRounds(
  seed: number,
  stream: number,
  count: number,
  abilityOf: (family: string) => number,
): Question[] {
  const config = { ...defaultRoundConfig, goldShare: 1 }
  const draws = familyDraws(abilityOf, config)
  return ids(seed, stream, count).map((id) => ({ id, task: promptFor(id, config, draws).task }))
}

function ids(seed: number, stream: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    taggedHash('starling/bench/question/v1', u32(seed), u32(stream), u32(index)),
  )
}
