import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StarlingError } from '../../../shared/process/errors.ts'
import { parseEpochVector } from './epoch-vectors.ts'
import { graphVectors } from './graph-vectors.ts'
import type { MathVector } from './math-vectors.ts'
import type { EpochVector } from './vector-schema.ts'

const FOLDER = fileURLToPath(new URL('../../../test/vectors/yuma/', import.meta.url))

export interface Vectors {
  readonly epochs: readonly EpochVector[]
  readonly math: readonly MathVector[]
}

/** All vectors that the project has: those in files, by name, and those that are too large for a file. */
export async function readVectors(): Promise<Vectors> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort()
  const files = await Promise.all(
    names.map(async (name) => [name, await readJson(join(FOLDER, name))] as const),
  )
  const isMath = (name: string) => name.startsWith('math-')
  return {
    epochs: [
      ...files.filter(([name]) => !isMath(name)).map(([name, json]) => parseEpochVector(json, name)),
      ...graphVectors(),
    ],
    math: files
      .filter(([name]) => isMath(name))
      .flatMap(([, json]) => (json as { vectors: readonly MathVector[] }).vectors),
  }
}

export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new StarlingError('VECTOR_INVALID', `cannot read ${path} as JSON`, 'name a vector file', { cause })
  }
}
