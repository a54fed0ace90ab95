import type { Architecture } from '../model/architecture.ts'
import { VOCABULARY_SIZE } from '../tokenizer.ts'
import type { DocumentMix } from './documents.ts'

/** A stretch of training on one mix of documents. */
export interface Phase {
  /** Share of the steps; the shares of all phases add up to 1. */
  readonly share: number
  readonly mix: DocumentMix
  /** Documents a step. */
  readonly batch: number
  /** Tokens a document, at most. */
  readonly sequence: number
}

export interface Recipe {
  readonly architecture: Architecture
  readonly phases: readonly Phase[]
  readonly peakLearningRate: number
  readonly warmup: number
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

/** Questions alone first: three times as many fit into a step, and what is learnt on them carries over. */
const phases: readonly Phase[] = [
  { share: 0.45, mix: { bare: 1, prose: 0 }, batch: 48, sequence: 80 },
  { share: 0.55, mix: { bare: 0.1, prose: 0.12 }, batch: 24, sequence: 160 },
]

/** The models that we ship. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  nano: {
    architecture: { ...common, width: 64, layers: 2, feedForward: 172 },
    phases,
    peakLearningRate: 4e-3,
    warmup: 100,
    steps: 3000,
  },
  small: {
    architecture: { ...common, width: 128, layers: 4, feedForward: 344 },
    phases,
    peakLearningRate: 3e-3,
    warmup: 100,
    steps: 2400,
  },
}
