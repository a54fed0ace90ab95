import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { fromFloat16, toFloat16 } from '../../../shared/inference/model/float16.ts'
import { saveModel } from '../../../shared/inference/model/folder.ts'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import { VOCABULARY_SIZE } from '../../../shared/inference/tokenizer.ts'

/** Small enough to start in a few milliseconds, with every feature of the real ones: two layers, grouped heads. */
export const TINY: Architecture = {
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 256,
  width: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  feedForward: 48,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}

/** Untrained weights as a model file holds them. */
export function tinyWeights(seed: number): Weights {
  const weights = new Map<string, Float32Array>()
  for (const [name, values] of initialWeights(TINY, seed)) {
    // Larger embeddings spread the logits, so that untrained rows differ as trained ones do.
    const scale = name === 'embedding' ? 5 : 1
    weights.set(
      name,
      values.map((value) => fromFloat16(toFloat16(value * scale))),
    )
  }
  return weights
}

export async function tinyModelFolder(seed = 1): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-model-'))
  await saveModel(folder, 'tiny', TINY, tinyWeights(seed))
  return folder
}
