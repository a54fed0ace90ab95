/** How many answers each part has audited, for each class unless said. */
export interface SampleSizes {
  readonly honest: number
  /** Of each model that is not the declared one; 32 tokens each. */
  readonly otherModel: number
  /** Of honest answers, and of each cheat, whose hidden states are compared. */
  readonly weights: number
  readonly prompts: number
  /** Of wrong seeds: the bar asks for one pass in 10,000 at most. */
  readonly wrongSeed: number
  /** Of each cheat whose delay has a bar of 99.9 %, and of the others; likewise of nano's tokens, and of others'. */
  readonly sampling: number
  readonly otherSampling: number
  readonly cheapDecode: number
  readonly otherDecode: number
  readonly protocol: number
  readonly forged: ForgedSizes
  /** Of honest answers, and of each cheat, held against both TOPLOC and sketches. */
  readonly toploc: number
  readonly overhead: OverheadSizes
  /** Prompt and answer together of what is disputed, and the answer. */
  readonly dispute: { readonly positions: number; readonly answerTokens: number }
}

export interface ForgedSizes {
  /** That are forged; a quarter as many more are answered honestly, for the forger to learn from. */
  readonly prompts: number
  /** Fresh ones for each prompt. */
  readonly challenges: number
  /** Fresh ones for each prompt, challenge and kind of forgery. */
  readonly beacons: number
}

export interface OverheadSizes {
  /** Turns of each kind, one after the other. */
  readonly turns: number
  readonly answerTokens: readonly number[]
}

/** 1,000 prompts × 25 challenges × 4 beacons × 11 kinds are 1.1 million forgeries. */
export const FULL: SampleSizes = {
  honest: 10_000,
  otherModel: 1_000,
  weights: 400,
  prompts: 400,
  wrongSeed: 10_000,
  sampling: 3_000,
  otherSampling: 1_000,
  cheapDecode: 3_000,
  otherDecode: 2_000,
  protocol: 100,
  forged: { prompts: 1_000, challenges: 25, beacons: 4 },
  toploc: 300,
  overhead: { turns: 45, answerTokens: [64, 128, 440] },
  dispute: { positions: 512, answerTokens: 256 },
}

export const QUICK: SampleSizes = {
  honest: 80,
  otherModel: 16,
  weights: 16,
  prompts: 16,
  wrongSeed: 48,
  sampling: 32,
  otherSampling: 24,
  cheapDecode: 32,
  otherDecode: 24,
  protocol: 4,
  forged: { prompts: 32, challenges: 5, beacons: 2 },
  toploc: 8,
  overhead: { turns: 3, answerTokens: [64] },
  dispute: { positions: 64, answerTokens: 24 },
}
