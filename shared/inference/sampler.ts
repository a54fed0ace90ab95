export interface SamplingParams {
  /** 0 is greedy. */
  readonly temperature: number
  /** Keep the k highest logits; 0 is off, else at most 64. */
  readonly topK: number
  /** Keep the smallest set of likeliest tokens whose mass reaches this; 1 is off. */
  readonly topP: number
}

/** What a replay says about one claimed token. */
export interface TokenEvidence {
  /** Highest perturbed logit minus the claimed token's; 0 where they agree, Infinity if it did not survive. */
  readonly margin: number
  /** ln p of the claimed token under the sampling distribution. */
  readonly logProb: number
  /** The token that the replay would have chosen. */
  readonly expected: number
}

export type SampleToken = (logits: Float32Array, params: SamplingParams, seed: Uint8Array, position: number) => number
export type ReplayToken = (
  logits: Float32Array,
  token: number,
  params: SamplingParams,
  seed: Uint8Array,
  position: number,
  tolerance: number,
) => TokenEvidence
