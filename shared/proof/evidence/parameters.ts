/** Positions that share one reference value: honest error grows along an answer. */
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
  /** k, by bucket of 64 positions. Positions behind the last bucket were never calibrated and add nothing. */
  readonly references: readonly number[]
  /** h. One error rate for all pairs makes S/h of different pairs the same amount of evidence. */
  readonly threshold: number
  /** Larger values, and infinite ones (a token outside of top-k or top-p), count as this. */
  readonly clip: number
}

/** One word for the journal. */
export function pairName({ prover, verifier }: ClassPair): string {
  return `${prover}>${verifier}`
}

/**
 * Margins where both sides compute in fp32 on the CPU, in logit units. Of 655,360 honest tokens of a 0.74 M model two had a
 * margin, the larger 1.8e-6; answers reached 448 tokens. k was 0 there, but in a sum that is kept for ever such margins would
 * reach h after some 20 million honest tokens. 1e-6 forgets them, and is a hundredth of the margin that is proof by itself.
 */
export const FP32_MARGINS: EvidenceParameters = {
  references: Array(7).fill(1e-6),
  threshold: 1e-4,
  clip: 0.5,
}

/** How margins are summed for a pair of classes, where that is known. */
export function marginParameters({ prover, verifier }: ClassPair): EvidenceParameters | undefined {
  const isExact = [prover, verifier].every((name) => name.startsWith('cpu-fp32/'))
  return isExact ? FP32_MARGINS : undefined
}

/**
 * Margins of 4-bit weights with 8-bit activations, whose rounding differs between decode and prefill, up to 128 tokens, as
 * measured on the same model. Every other model, and every longer answer, has to be calibrated.
 */
export const NOISY_MARGINS: EvidenceParameters = { references: [0.002, 0.002], threshold: 0.085, clip: 0.5 }
