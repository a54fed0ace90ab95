import type { Precision } from '../../../shared/inference/precision.ts'
import type { Rounding } from '../../calibrate/rounding.ts'

/** Numerics that a miner may pass off as those of the class that it declares. */
export interface OtherNumerics {
  readonly attack: string
  readonly precision: Precision
  /** Weights that a cheaper server would hold, or the declared ones at another accuracy of the activations. */
  readonly kind: 'weights' | 'accuracy'
}

/** An execution class under test: a row of its own for every attack. */
export interface BenchClass {
  /** In tables. */
  readonly name: string
  readonly precision: Precision
  /** Roundings of the weights that are cheats of this class. */
  readonly roundings: readonly Rounding[]
  readonly others: readonly OtherNumerics[]
  /** What may write the tokens of this class more cheaply, before one honest reading. */
  readonly cheapDecode: readonly Pick<OtherNumerics, 'attack' | 'precision'>[]
}

export const CLASSES: readonly BenchClass[] = [
  {
    name: 'fp32',
    precision: 'fp32',
    roundings: ['bf16', 'int8', 'int4'],
    others: [
      { attack: '8-bit weights, blocks of 32', precision: 'q8b32a32', kind: 'weights' },
      { attack: '4-bit weights, blocks of 16', precision: 'q4b16a32', kind: 'weights' },
      { attack: '4-bit weights, blocks of 32', precision: 'q4b32a32', kind: 'weights' },
      { attack: '4-bit weights, 8-bit activations', precision: 'q4b32a8', kind: 'weights' },
    ],
    cheapDecode: [
      { attack: 'int4', precision: 'q4b32a8' },
      { attack: 'int8', precision: 'q8b32a8' },
    ],
  },
  {
    name: 'noisy',
    precision: 'q4b32a8',
    // Served in 4 bits, weights that were rounded to more before are hardly others, and no cheaper.
    roundings: [],
    others: [
      { attack: '4-bit weights, blocks of 16', precision: 'q4b16a8', kind: 'weights' },
      { attack: '4-bit weights, blocks of 64', precision: 'q4b64a8', kind: 'weights' },
      { attack: '8-bit weights, blocks of 32', precision: 'q8b32a8', kind: 'weights' },
      { attack: 'unrounded weights', precision: 'fp32', kind: 'weights' },
      { attack: 'float32 activations', precision: 'q4b32a32', kind: 'accuracy' },
    ],
    cheapDecode: [{ attack: 'blocks of 64', precision: 'q4b64a8' }],
  },
]
