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
  { share: 0.45, mix: { prose: 0, chat: 0.1, judge: 0.1, bare: 1 }, batch: 24, sequence: 160 },
  { share: 0.55, mix: { prose: 0.08, chat: 0.1, judge: 0.1, bare: 0.15 }, batch: 14, sequence: 272 },
]

/** What the smaller models can't learn is what the largest is shown more of: to judge, and some families. */
const emphasis = { multiply: 1.4, reverse: 1.7, json: 1.7 }
const hardPhases: readonly Phase[] = [
  { share: 0.4, mix: { prose: 0, chat: 0.1, judge: 0.15, bare: 1, emphasis }, batch: 24, sequence: 160 },
  {
    share: 0.6,
    mix: { prose: 0.08, chat: 0.1, judge: 0.15, bare: 0.12, emphasis },
    batch: 14,
    sequence: 272,
  },
]

/**
 * The models that we ship. Muon's updates have a spectral norm that grows with the root of the width, so the wider the
 * model, the lower its rate; and lower than that rule says: `base`, 350 steps of 480 on questions alone, is at a loss of
 * 0.42 nats with 0.0025 and at 0.50 with 0.006.
 */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  nano: {
    architecture: { ...common, width: 64, layers: 2, feedForward: 172 },
    phases,
    peakLearningRate: 0.015,
    warmup: 100,
    steps: 1500,
  },
  small: {
    architecture: { ...common, width: 128, layers: 4, feedForward: 344 },
    phases,
    peakLearningRate: 0.01,
    warmup: 100,
    steps: 2400,
  },
  base: {
    // Wide rather than deep: a decode step pays for every layer (4 × 320 decodes 1.1 times as fast as 6 × 256).
    architecture: { ...common, width: 320, layers: 4, heads: 10, feedForward: 832 },
    phases: hardPhases,
    peakLearningRate: 0.0025,
    warmup: 100,
    steps: 4000,
  },
}
