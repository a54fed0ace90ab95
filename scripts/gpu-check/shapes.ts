import type { Architecture } from '../../shared/inference/model/architecture.ts'
import { VOCABULARY_SIZE } from '../../shared/inference/tokenizer.ts'
import { RECIPES } from '../../shared/inference/training/recipes.ts'

const common = { ropeBase: 10_000, normEpsilon: 1e-5 }

/** Speed does not depend on training, so random weights stand in where the folder of `base` is not there. */
export const BASE: Architecture = RECIPES.base!.architecture

/** 1.03 B parameters in the shape of TinyLlama 1.1B (Zhang et al., 2024), with tied embeddings. */
export const LARGE: Architecture = {
  vocabularySize: 32_000,
  contextLength: 2048,
  width: 2048,
  layers: 22,
  heads: 32,
  kvHeads: 4,
  feedForward: 5632,
  ...common,
}

/** For trying the program itself. */
export const TINY: Architecture = {
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 128,
  width: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  feedForward: 96,
  ...common,
}

/** How much a check measures. */
export interface Sizes {
  readonly base: Architecture
  readonly large: Architecture
  readonly promptTokens: number
  readonly decodeSteps: number
  readonly prefillTokens: number
  /** Floats of the tensor that the bandwidth is measured on. */
  readonly bandwidthFloats: number
}

export const FULL_SIZES: Sizes = {
  base: BASE,
  large: LARGE,
  promptTokens: 64,
  decodeSteps: 64,
  prefillTokens: 512,
  bandwidthFloats: 2 ** 26,
}

export const TINY_SIZES: Sizes = {
  base: TINY,
  large: TINY,
  promptTokens: 8,
  decodeSteps: 4,
  prefillTokens: 32,
  bandwidthFloats: 2 ** 16,
}

export const BATCHES = [1, 16]
