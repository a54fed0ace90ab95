import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { StarlingError } from '../../process/errors.ts'
import type { Architecture } from './architecture.ts'
import { decodeWeights, type Weights } from './weights.ts'

const REMEDY = 'restore the folder from the repository, or make the model again with npm run train'

/** Reads a file of a model folder; MODEL_MISSING where that fails. */
export async function readOrThrow(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new StarlingError('MODEL_MISSING', `can't read ${path}`, REMEDY, { cause })
  }
}

/** The bytes of a weights file, checked against their SHA-256; MODEL_DAMAGED where they differ. */
export async function readWeightsFile(path: string, sha256: string): Promise<Uint8Array> {
  const file = await readOrThrow(path)
  if (sha256Hex(file) !== sha256) throw damaged(path, 'does not match the sha256 in model.json')
  return file
}

export function parseWeights(path: string, architecture: Architecture, file: Uint8Array): Weights {
  try {
    return decodeWeights(architecture, file)
  } catch (error) {
    throw damaged(
      path,
      `does not fit the architecture: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

export function damaged(path: string, what: string): StarlingError {
  return new StarlingError('MODEL_DAMAGED', `${path} ${what}`, REMEDY)
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
