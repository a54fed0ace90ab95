import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StarlingError } from '../../process/errors.ts'
import type { ModelInfo } from '../engine.ts'
import { executionClass } from '../onnx/execution-class.ts'
import { EOS, VOCABULARY_SIZE } from '../tokenizer.ts'
import type { Architecture } from './architecture.ts'
import {
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  modelHash,
  sha256Hex,
  type TrainingRecord,
  WEIGHTS_FILE,
} from './manifest.ts'
import { decodeWeights, encodeWeights, type Weights } from './weights.ts'

export interface LoadedModel {
  readonly manifest: Manifest
  readonly weights: Weights
}

const REMEDY = 'restore the folder from the repository, or make the model again with npm run train'

/**
 * Reads a model folder and checks it against its own hashes. Throws MODEL_MISSING where a file can't be read and
 * MODEL_DAMAGED where contents do not fit together.
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const manifest = parseManifest(folder, await readOrThrow(folder, MANIFEST_FILE))
  const file = await readOrThrow(folder, WEIGHTS_FILE)
  const damaged = (what: string) =>
    new StarlingError('MODEL_DAMAGED', `${join(folder, WEIGHTS_FILE)} ${what}`, REMEDY)
  if (sha256Hex(file) !== manifest.weights.sha256) throw damaged('does not match the sha256 in model.json')
  if (modelHash(manifest.architecture, file) !== manifest.hash) {
    throw damaged('and the architecture do not match the hash in model.json')
  }
  try {
    return { manifest, weights: decodeWeights(manifest.architecture, file) }
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error))
  }
}

/** What a folder's model is to peers; throws as `loadModel` does. */
export async function readModelInfo(folder: string): Promise<ModelInfo> {
  return modelInfo((await loadModel(folder)).manifest)
}

export function modelInfo({ name, hash, architecture }: Manifest): ModelInfo {
  const { vocabularySize, contextLength } = architecture
  return { name, hash, executionClass: executionClass(), vocabularySize, contextLength, eosToken: EOS }
}

/** Writes weights and manifest; the weights are rounded to half precision, so what is loaded is what was hashed. */
export async function saveModel(
  folder: string,
  name: string,
  architecture: Architecture,
  weights: Weights,
  training?: TrainingRecord,
): Promise<Manifest> {
  const file = encodeWeights(architecture, weights)
  const manifest: Manifest = {
    format: 'starling-model/1',
    name,
    tokenizer: 'bytes/1',
    architecture,
    weights: { file: WEIGHTS_FILE, sha256: sha256Hex(file) },
    hash: modelHash(architecture, file),
    ...(training === undefined ? {} : { training }),
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, WEIGHTS_FILE), file)
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

async function readOrThrow(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, file))
  } catch (cause) {
    throw new StarlingError('MODEL_MISSING', `can't read ${join(folder, file)}`, REMEDY, { cause })
  }
}

function parseManifest(folder: string, bytes: Uint8Array): Manifest {
  const damaged = (what: string) =>
    new StarlingError('MODEL_DAMAGED', `${join(folder, MANIFEST_FILE)}: ${what}`, REMEDY)
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw damaged('not JSON')
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw damaged(issue === undefined ? 'unexpected contents' : `${issue.path.join('.')}: ${issue.message}`)
  }
  const { vocabularySize, width, heads, kvHeads } = parsed.data.architecture
  if (vocabularySize !== VOCABULARY_SIZE)
    throw damaged(`a vocabulary of ${vocabularySize}, not ${VOCABULARY_SIZE}`)
  if (width % (2 * heads) !== 0 || heads % kvHeads !== 0)
    throw damaged('width, heads and kvHeads do not divide')
  return parsed.data
}
