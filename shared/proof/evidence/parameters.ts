/** Positions that share one reference value: honest error grows along a sequence. */
export const POSITION_BUCKET = 64

/** What is measured on an answer, one number a token or opened row, 0 where prover and verifier agree. */
export const STATISTICS = ['margin', 'sketch'] as const
export type Statistic = (typeof STATISTICS)[number]

/** Two execution classes: of the miner that answered, and of the validator that recomputed it. */
export interface ClassPair {
  readonly prover: string
  readonly verifier: string
}

/** How one statistic is summed for one pair of classes. Numbers of one pair do not travel to another. */
export interface EvidenceParameters {
  /** k, by bucket of 64 positions of the sequence, prompt included. What stands behind the last was never calibrated and adds nothing. */
  readonly references: readonly number[]
  /** h. One error rate for all pairs makes S/h of different pairs the same amount of evidence. */
  readonly threshold: number
  /** Larger values, and infinite ones (a token outside of top-k or top-p), count as this. */
  readonly clip: number
}

/** Values of one answer, and where in the sequence they stand. */
export interface PlacedValues {
  /** One a token or opened row; infinite where a token was impossible. */
  readonly values: ArrayLike<number>
  /** Prompt included: the value of answer position i stands at prompt tokens − 1 + i. */
  readonly positions: ArrayLike<number>
}

/** Values at one position after another. */
export function placedFrom(first: number, values: ArrayLike<number>): PlacedValues {
  return { values, positions: Array.from(values, (_, i) => first + i) }
}

/** One word for the journal. */
export function pairName({ prover, verifier }: ClassPair): string {
  return `${prover}>${verifier}`
}

/**
 * Whether both sides compute so alike that one margin is proof by itself: fp32 on the CPU. Of 655,360 honest tokens of a 0.74 M
 * model two had a margin, the larger 1.8e-6. In every other pair rounding changes tokens, and only sums can tell.
 */
export function isExactPair({ prover, verifier }: ClassPair): boolean {
  return [prover, verifier].every((name) => name.startsWith('cpu-fp32/'))
}
