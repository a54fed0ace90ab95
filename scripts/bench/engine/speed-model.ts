import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { saveModel } from '../../../shared/inference/model/folder.ts'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import { tensorOf, type Weights } from '../../../shared/inference/model/weights.ts'
import { EOS } from '../../../shared/inference/tokenizer.ts'

/** What the first coordinate of the residual stream holds at every token; others are about 1. */
const MARK = 4

/**
 * Untrained weights whose answers never end by themselves, so that every answer has the length that is asked for. One
 * coordinate of the residual stream holds a constant that no block writes to. The output row of EOS has it with the
 * opposite sign of all others, which puts its logit 2·MARK²/rms ≈ 30 below theirs. The work of a step is that of any
 * weights of the architecture.
 */
export function endlessWeights(architecture: Architecture, seed: number): Weights {
  const { vocabularySize, width } = architecture
  const weights = initialWeights(architecture, seed)
  const embedding = tensorOf(weights, 'embedding')
  for (let token = 0; token < vocabularySize; token++) {
    embedding[token * width] = token === EOS ? -MARK : MARK
  }
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const name of ['attentionOutput', 'down']) {
      const matrix = tensorOf(weights, `layer${layer}.${name}`)
      for (let at = 0; at < matrix.length; at += width) matrix[at] = 0
    }
  }
  return weights
}

/** Writes a model folder to measure speed on. */
export async function saveEndlessModel(
  folder: string,
  name: string,
  architecture: Architecture,
  seed: number,
): Promise<void> {
  await saveModel(folder, name, architecture, endlessWeights(architecture, seed))
}
