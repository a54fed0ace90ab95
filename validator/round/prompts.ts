import { makeTask } from '../../shared/inference/tasks/make-task.ts'
import type { Task } from '../../shared/inference/tasks/task.ts'
import { hashText, taggedHash, toHex } from '../../shared/proof/hash.ts'
import { seededRandom } from '../../shared/proof/random.ts'
import type { RoundConfig } from '../config.ts'
import { drawAt, type FamilyDraw, familyDraws } from './difficulty.ts'

export interface Prompt {
  readonly prompt: string
  /** The question with its answer. */
  readonly task: Task
  /** The same, where this challenge is gold. */
  readonly gold: Task | undefined
}

/**
 * Prompt and gold flag of a challenge, from the seed that its lot gives (`promptSeed`): nobody can foresee either without the
 * validator's key, and the validator can't pick them. Whether it is gold is drawn first and changes nothing of what follows, so no
 * prompt tells. Drawn again until it is fresh.
 * @param draws of the families; left out, those for a swarm of which nothing is known
 * @param isAsked whether a prompt was asked before
 */
export function promptFor(
  seed: Uint8Array,
  config: Pick<RoundConfig, 'goldShare' | 'adaptiveShare'>,
  draws: readonly FamilyDraw[] = familyDraws(() => 0.5, config),
  isAsked: (prompt: string) => boolean = () => false,
): Prompt {
  const random = seededRandom(seed)
  const isGold = random() < config.goldShare
  for (;;) {
    const { name, lean } = drawAt(draws, random())
    const task = makeTask(random, name, lean)
    if (!isAsked(task.prompt)) return { prompt: task.prompt, task, gold: isGold ? task : undefined }
  }
}

/** What the book remembers a prompt by: 8 bytes, hex. */
export function promptKey(prompt: string): string {
  return toHex(taggedHash('starling/asked/v1', hashText(prompt)).subarray(0, 8))
}
