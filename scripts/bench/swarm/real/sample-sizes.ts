import type { Precision } from '../../../../shared/inference/precision.ts'
import type { ModelName } from './models.ts'

/** How much each part measures. */
export interface SampleSizes {
  /** Questions that weigh judges and miners before any is scored, and those that are scored; of each field. */
  readonly warmUp: number
  readonly mixed: number
  readonly plain: number
  readonly alike: number
  readonly varied: number
  /** Of each resampled interval. */
  readonly resamples: number
  /** Fields for which clusters are compared with no clusters. */
  readonly ablation: number
  readonly mismatch: readonly MismatchKind[]
  /** Answers whose likelihood is computed twice, with each model. */
  readonly likelihoods: number
  /** Pairs of trials, clean and injected. */
  readonly injection: Readonly<Partial<Record<ModelName, number>>>
}

/** A judge's machine and that of who replays its verdicts. */
export interface MismatchKind {
  readonly model: ModelName
  /** Of both. */
  readonly precision: Precision
  readonly verdicts: number
  readonly judge: { readonly maxBatch: number; readonly threads: number }
  readonly verifier: { readonly maxBatch: number; readonly threads: number }
}

/** 33,600 verdicts, so that not one mismatch is an upper end below one in 10,000; 30,100 injections. */
export const FULL: SampleSizes = {
  warmUp: 110,
  mixed: 990,
  plain: 220,
  alike: 330,
  varied: 165,
  resamples: 2_000,
  ablation: 220,
  mismatch: [
    kind('small', 22_800, [16, 2], [16, 1]),
    kind('small', 3_000, [4, 1], [16, 2]),
    kind('small', 1_500, [1, 2], [4, 1]),
    kind('nano', 2_100, [16, 1], [1, 2]),
    kind('base', 2_400, [16, 2], [16, 1]),
    kind('base', 600, [4, 1], [4, 2]),
    kind('small', 900, [16, 2], [4, 1], 'q4b32a8'),
    kind('base', 300, [16, 1], [4, 2], 'q4b32a8'),
  ],
  likelihoods: 600,
  injection: { small: 26_600, base: 3_500 },
}

export const QUICK: SampleSizes = {
  warmUp: 11,
  mixed: 22,
  plain: 11,
  alike: 11,
  varied: 11,
  resamples: 500,
  ablation: 22,
  mismatch: [
    kind('small', 480, [16, 2], [16, 1]),
    kind('base', 60, [4, 1], [16, 2]),
    kind('small', 60, [16, 2], [4, 1], 'q4b32a8'),
  ],
  likelihoods: 44,
  injection: { small: 420 },
}

function kind(
  model: ModelName,
  verdicts: number,
  [judgeBatch, judgeThreads]: readonly [number, number],
  [verifierBatch, verifierThreads]: readonly [number, number],
  precision: Precision = 'fp32',
): MismatchKind {
  return {
    ...{ model, precision, verdicts },
    judge: { maxBatch: judgeBatch, threads: judgeThreads },
    verifier: { maxBatch: verifierBatch, threads: verifierThreads },
  }
}
