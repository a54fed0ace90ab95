import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import { writeFileSafely } from '../store/write-file.ts'

/** Puts the file of a round where others find it. */
export type Publish = (round: number, text: string) => void

const NAME = /^(\d+)\.jsonl$/

/**
 * Publishes into a folder, one file `<round>.jsonl` a round. A file is there whole, or not at all.
 * @param keep rounds that stay; older ones are deleted
 * @throws StarlingError PUBLISH_FAILED when the folder can't be made; the returned function when a file can't be written
 */
export function publishInto(folder: string, keep: number): Publish {
  orFail(folder, () => mkdirSync(folder, { recursive: true, mode: 0o755 }))
  return (round, text) =>
    orFail(folder, () => {
      writeFileSafely(join(folder, `${round}.jsonl`), text, 0o644)
      for (const old of publishedRounds(folder).slice(0, -keep)) rmSync(join(folder, `${old}.jsonl`))
    })
}

/** Rounds whose files are in a folder, oldest first. */
export function publishedRounds(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

function orFail(folder: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new StarlingError(
      'PUBLISH_FAILED',
      `cannot publish a round in ${folder}: ${String(error)}`,
      'make room, or choose another --publish folder',
    )
  }
}
