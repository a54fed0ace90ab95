import { createHmac } from 'node:crypto'
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
 * Prompt and gold flag of a challenge, from its id and a secret of the validator: nobody else can foresee either, and the
 * validator can't pick them, because it can't pick the id. Gold and other tasks come from the same generators, so a
 * miner can't tell them apart.
 * @param secret 32 bytes that the validator keeps
 */
export function promptFor(id: Uint8Array, secret: Uint8Array, config: RoundConfig): Prompt {
  const random = seededRandom(createHmac('sha256', secret).update(id).digest())
  const isGold = random() < config.goldShare
  if (!isGold && random() < config.proseShare)
    return { prompt: makeProsePrompt(random).prompt, gold: undefined }
  const task = makeTask(random)
  return { prompt: task.prompt, gold: isGold ? task : undefined }
}
