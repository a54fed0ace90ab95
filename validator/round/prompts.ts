import { makeProsePrompt, makeTask } from '../../shared/inference/tasks/make-task.ts'
import type { Task } from '../../shared/inference/tasks/task.ts'
import { seededRandom } from '../../shared/proof/random.ts'
import type { RoundConfig } from '../config.ts'

export interface Prompt {
  readonly prompt: string
  /** The question with its answer, where this challenge is gold. */
  readonly gold: Task | undefined
}

/**
 * Prompt and gold flag of a challenge, from the seed that its lot gives (`promptSeed`): nobody can foresee either without the
 * validator's key, and the validator can't pick them. Gold and other tasks come from the same generators, so a miner can't tell
 * them apart.
 */
export function promptFor(seed: Uint8Array, config: RoundConfig): Prompt {
  const random = seededRandom(seed)
  const isGold = random() < config.goldShare
  if (!isGold && random() < config.proseShare)
    return { prompt: makeProsePrompt(random).prompt, gold: undefined }
  const task = makeTask(random)
  return { prompt: task.prompt, gold: isGold ? task : undefined }
}
