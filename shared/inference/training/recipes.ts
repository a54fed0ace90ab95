import type { Architecture } from '../model/architecture.ts'
import { VOCABULARY_SIZE } from '../tokenizer.ts'

export interface Recipe {
  readonly architecture: Architecture
  /** Documents a step. */
  readonly batch: number
  /** Tokens a document, at most. */
  readonly sequence: number
  readonly peakLearningRate: number
  readonly warmup: number
  /** Share of open-ended stories among the documents. */
  readonly proseShare: number
  /** Steps unless told otherwise. */
  readonly steps: number
}

const common = {
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 512,
  kvHeads: 2,
  heads: 4,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}
const data = { sequence: 192, proseShare: 0.15, warmup: 100 }

/** The models that we ship. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  nano: {
    ...data,
    architecture: { ...common, width: 64, layers: 2, feedForward: 172 },
    batch: 32,
    peakLearningRate: 4e-3,
    steps: 4000,
  },
  small: {
    ...data,
    architecture: { ...common, width: 128, layers: 4, feedForward: 344 },
    batch: 16,
    peakLearningRate: 3e-3,
    steps: 6000,
  },
}
