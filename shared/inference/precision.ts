import { StarlingError } from '../process/errors.ts'

const BITS = [4, 8] as const
const BLOCKS = [16, 32, 64, 128] as const
const ACTIVATIONS = [8, 32] as const

type Bits = (typeof BITS)[number]
type Block = (typeof BLOCKS)[number]
type ActivationBits = (typeof ACTIVATIONS)[number]

/**
 * How a model of ours is computed on the CPU, as its execution class spells it: in float32 throughout, or with its layers’ matrices
 * as integers, `q4b32a8` being weights of 4 bits in blocks of 32 that share a scale, multiplied by activations of 8 bits.
 */
export type Precision = 'fp32' | `q${Bits}b${Block}a${ActivationBits}`

/** Those that a miner may choose; any other is for measuring what the difference shows. */
export const SERVED_PRECISIONS = ['fp32', 'q4b32a8'] as const satisfies readonly Precision[]

/** How matrices are packed into integers. */
export interface Packing {
  readonly bits: Bits
  /** Consecutive inputs of one output that share a scale and a zero point. */
  readonly block: Block
  /** 8: each row’s block of inputs is rounded to 8-bit integers too; 32: it stays float32. */
  readonly activationBits: ActivationBits
}

/** The packing that a precision names; undefined where nothing is packed. @throws StarlingError PRECISION_UNKNOWN */
export function packingOf(precision: Precision): Packing | undefined {
  if (precision === 'fp32') return undefined
  const [, bits, block, activations] = /^q(\d+)b(\d+)a(\d+)$/.exec(precision) ?? []
  const packing = {
    bits: BITS.find((known) => String(known) === bits),
    block: BLOCKS.find((known) => String(known) === block),
    activationBits: ACTIVATIONS.find((known) => String(known) === activations),
  }
  if (isWhole(packing)) return packing
  throw new StarlingError(
    'PRECISION_UNKNOWN',
    `there is no precision ${precision}`,
    `take fp32, or qWbNaM with W of ${BITS.join(', ')}, N of ${BLOCKS.join(', ')} and M of ${ACTIVATIONS.join(', ')}`,
  )
}

function isWhole(packing: { [Part in keyof Packing]: Packing[Part] | undefined }): packing is Packing {
  return Object.values(packing).every((part) => part !== undefined)
}
