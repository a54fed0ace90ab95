import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelInfo } from '../engine.ts'
import { executionClass, type Provider } from '../onnx/execution-class.ts'
import type { Precision } from '../precision.ts'
import { EOS, VOCABULARY_SIZE } from '../tokenizer.ts'
import type { Architecture } from './architecture.ts'
import {
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  modelHash,
  type TrainingRecord,
  WEIGHTS_FILE,
} from './manifest.ts'
import { encodeWeights, type Weights } from './weights.ts'
import { damaged, parseWeights, readOrThrow, readWeightsFile, sha256Hex } from './weights-file.ts'

export interface LoadedModel {
  readonly manifest: Manifest
  readonly weights: Weights
}

/**
 * Reads a model folder and checks it against its own hashes. Throws MODEL_MISSING where a file can't be read and
 * MODEL_DAMAGED where contents do not fit together.
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const manifest = parseManifest(folder, await readOrThrow(join(folder, MANIFEST_FILE)))
  const { architecture, hash } = manifest
  const path = join(folder, WEIGHTS_FILE)
  const file = await readWeightsFile(path, manifest.weights.sha256)
  if (modelHash(architecture, file) !== hash)
    throw damaged(path, 'and the architecture do not match the hash in model.json')
  return { manifest, weights: parseWeights(path, architecture, file) }
}

/** What a folder's model is to peers; throws as `loadModel` does. */
export async function readModelInfo(folder: string): Promise<ModelInfo> {
  return modelInfo((await loadModel(folder)).manifest)
}

export function modelInfo(
  { name, hash, architecture }: Manifest,
  device: Provider = 'cpu',
  precision: Precision = 'fp32',
): ModelInfo {
  const { vocabularySize, contextLength } = architecture
  return {
    name,
    hash,
    executionClass: executionClass(device, precision),
    vocabularySize,
    contextLength,
    eosToken: EOS,
    stopTokens: [EOS],
    level: 3,
  }
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

function parseManifest(folder: string, bytes: Uint8Array): Manifest {
  const wrong = (what: string) => damaged(join(folder, MANIFEST_FILE), what)
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw wrong('is not JSON')
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw wrong(
      issue === undefined ? 'has unexpected contents' : `says ${issue.path.join('.')}: ${issue.message}`,
    )
  }
  const { vocabularySize, width, heads, kvHeads } = parsed.data.architecture
  if (vocabularySize !== VOCABULARY_SIZE)
    throw wrong(`has a vocabulary of ${vocabularySize}, not ${VOCABULARY_SIZE}`)
  if (width % (16 * heads) !== 0 || heads % kvHeads !== 0)
    throw wrong('needs heads of a multiple of 16, in equal groups')
  return parsed.data
}
