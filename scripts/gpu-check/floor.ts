import { type Architecture, headWidth, parameterCount } from '../../shared/inference/model/architecture.ts'
import { bytesOf, type Precision } from '../../shared/inference/model/device-graph.ts'

/**
 * Bytes that a decode step can't do without reading: every weight once, and the keys and values of all its sequences.
 * The embedding counts once, as the matrix of the logits; of the table itself a step reads a few rows.
 */
export function stepBytes(
  architecture: Architecture,
  precision: Precision,
  batch: number,
  length: number,
): number {
  const { layers, kvHeads } = architecture
  const cached = 2 * layers * kvHeads * headWidth(architecture) * length * batch
  return (parameterCount(architecture) + cached) * bytesOf(precision)
}

/** Milliseconds that these bytes take at a bandwidth in GB/s (10⁹ bytes). */
export function floorMs(bytes: number, gigabytesPerSecond: number): number {
  return bytes / (gigabytesPerSecond * 1e6)
}
