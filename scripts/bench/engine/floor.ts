import {
  type Architecture,
  headWidth,
  parameterCount,
  parameters,
  sizeOf,
} from '../../../shared/inference/model/architecture.ts'

const FLOAT_BYTES = 4

/** What a machine gives at best, as measured in the same run with as many threads. */
export interface MachineRates {
  /** Floating-point operations a millisecond in matrix products; a multiplication and its addition are 2. */
  readonly flopsPerMs: number
  /** Bytes a millisecond, read from a memory that holds as much as the weights. */
  readonly bytesPerMs: number
}

/** Work that no implementation of the architecture in float32 can leave out. */
export interface Work {
  readonly flops: number
  readonly bytes: number
}

/** Weights that are multiplied: all but the scales of norms. The embedding counts once, as the output matrix. */
export function matrixWeights(architecture: Architecture): number {
  return parameters(architecture)
    .filter(({ shape }) => shape.length === 2)
    .reduce((sum, parameter) => sum + sizeOf(parameter), 0)
}

/**
 * One token for each of `batch` sequences that hold `length` tokens on average:
 * FLOPs = 2·batch·(matrix weights) + 4·batch·layers·width·(length + 1) (scores and weighted sum of the attention);
 * bytes = 4·(all weights, once for the whole batch) + 8·batch·layers·kvHeads·headWidth·length (keys and values).
 */
export function decodeWork(architecture: Architecture, batch: number, length: number): Work {
  const { layers, width, kvHeads } = architecture
  return {
    flops: 2 * batch * matrixWeights(architecture) + 4 * batch * layers * width * (length + 1),
    bytes:
      FLOAT_BYTES * parameterCount(architecture) +
      2 * FLOAT_BYTES * batch * layers * kvHeads * headWidth(architecture) * length,
  }
}

/**
 * Reading a prompt of n tokens and predicting one:
 * FLOPs = 2·n·(matrix weights without the output's) + 2·(output's) + 4·layers·width·n·(n + 1)/2 (causal attention);
 * bytes = 4·(all weights).
 */
export function prefillWork(architecture: Architecture, tokens: number): Work {
  const { layers, width, vocabularySize } = architecture
  const output = vocabularySize * width
  return {
    flops:
      2 * tokens * (matrixWeights(architecture) - output) +
      2 * output +
      2 * layers * width * tokens * (tokens + 1),
    bytes: FLOAT_BYTES * parameterCount(architecture),
  }
}

/** max(FLOPs / rate of matrix products, bytes / bandwidth), in milliseconds: as if both went on at the same time. */
export function floorMs({ flops, bytes }: Work, { flopsPerMs, bytesPerMs }: MachineRates): number {
  return Math.max(flops / flopsPerMs, bytes / bytesPerMs)
}
