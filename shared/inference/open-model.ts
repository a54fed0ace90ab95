import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { StarlingError } from '../process/errors.ts'
import type { ModelSource } from './engine/messages.ts'
import type { ModelInfo } from './engine.ts'
import { openHuggingFaceFolder } from './hugging-face/open-folder.ts'
import { loadModel, modelInfo } from './model/folder.ts'
import { MANIFEST_FILE } from './model/manifest.ts'
import type { Provider } from './onnx/execution-class.ts'
import type { Precision } from './precision.ts'
import { bytesCodec } from './text/bytes-codec.ts'
import type { TextCodec } from './text-codec.ts'

/** A model folder that has been looked at, without a session on it yet. */
export interface OpenedModel {
  readonly info: ModelInfo
  readonly text: TextCodec
  /** What a child needs to load it. */
  readonly source: ModelSource
}

const HUGGING_FACE_FILES = ['config.json', 'genai_config.json', 'model.onnx', 'onnx']

/**
 * Decides by what lies in a folder how it is served. Throws MODEL_MISSING and MODEL_DAMAGED, and MODEL_UNSERVABLE where it
 * holds a model that this engine can't run,
 * PRECISION_UNUSABLE where it can't be computed so.
 */
export async function openModel(
  folder: string,
  device: Provider,
  precision: Precision = 'fp32',
): Promise<OpenedModel> {
  const isOwn = await exists(join(folder, MANIFEST_FILE))
  if (isOwn || !(await anyExists(folder, HUGGING_FACE_FILES))) return openOwnModel(folder, device, precision)
  if (precision === 'fp32') return openHuggingFaceFolder(folder, device)
  throw new StarlingError(
    'PRECISION_UNUSABLE',
    `${folder} holds a graph whose precision is fixed, so it can't be served in ${precision}`,
    'leave the precision out: the folder’s own shows in its execution class',
  )
}

async function openOwnModel(folder: string, device: Provider, precision: Precision): Promise<OpenedModel> {
  if (precision !== 'fp32' && device !== 'cpu') {
    throw new StarlingError(
      'PRECISION_UNUSABLE',
      `${precision} is computed on the CPU only, not on ${device}`,
      'choose the device cpu, or the precision fp32',
    )
  }
  const { manifest } = await loadModel(folder)
  const source = {
    kind: 'starling',
    architecture: manifest.architecture,
    weightsFile: join(folder, manifest.weights.file),
    weightsSha256: manifest.weights.sha256,
    precision,
  } as const
  return { info: modelInfo(manifest, device, precision), text: bytesCodec, source }
}

async function anyExists(folder: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(names.map((name) => exists(join(folder, name))))
  return found.includes(true)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
