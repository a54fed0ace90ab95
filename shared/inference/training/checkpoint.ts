import { readFile, rename, writeFile } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { StarlingError } from '../../process/errors.ts'
import type { Recipe } from './recipes.ts'
import type { Snapshot } from './trainer.ts'

/** What decides every bit of a training run on one machine. */
export interface Run {
  readonly recipe: Recipe
  readonly seed: number
  readonly steps: number
  readonly threads: number
}

/** A run part of the way: how far it is, and all that it goes on from. */
export interface Checkpoint {
  readonly run: Run
  readonly snapshot: Snapshot
  /** Running mean of the loss, nats a weighted token. */
  readonly loss: number
  readonly milliseconds: number
}

export interface CheckpointStore {
  /** Undefined where there is none yet. */
  load(): Promise<Checkpoint | undefined>
  save(checkpoint: Checkpoint): Promise<void>
}

/** Keeps the latest checkpoint in one file, which is replaced whole, so that a kill leaves the last one or this one. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    async load() {
      try {
        return deserialize(await readFile(path)) as Checkpoint
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw new StarlingError(
          'CHECKPOINT_UNREADABLE',
          `${path} is not a checkpoint: ${(error as Error).message}`,
          'remove the file, or name another',
        )
      }
    },
    async save(checkpoint) {
      await writeFile(`${path}.new`, serialize(checkpoint))
      await rename(`${path}.new`, path)
    },
  }
}

/** Throws CHECKPOINT_OF_ANOTHER_RUN unless the checkpoint is of a run that would end in the same weights. */
export function checkSameRun({ run }: Checkpoint, { recipe, seed, steps, threads }: Run): void {
  if (JSON.stringify(run) === JSON.stringify({ recipe, seed, steps, threads })) return
  throw new StarlingError(
    'CHECKPOINT_OF_ANOTHER_RUN',
    `the checkpoint is of seed ${run.seed}, ${run.steps} steps and ${run.threads} threads, or of another recipe`,
    'train with the same options, or name another checkpoint file',
  )
}
