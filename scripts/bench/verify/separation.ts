import { POSITIONS_PER_LEAF } from '../../../shared/proof/answer-root.ts'
import type { SketchPair } from '../../../shared/proof/sketch/calibration.ts'
import { decideSketches } from '../../../shared/proof/sketch/decision.ts'
import { SKETCH_VALUES } from '../../../shared/proof/sketch/matrix.ts'
import type { StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import { areaUnderCurve } from '../../calibrate/statistics.ts'
import type { Trial } from './trial.ts'

/** How well hidden states tell a cheat from the honest: area under the curve of a detector that sees so many rows. */
export interface Separation {
  readonly oneRow: number
  readonly fourRows: number
}

/** The measured excesses of one kind of answers. */
export interface Excesses {
  readonly oneRow: Float64Array
  readonly fourRows: Float64Array
}

/**
 * What `decideSketches` measures of every row, and of every whole leaf, as if the beacon had opened just that one: mean log distance
 * less the threshold of its place. Places that were never calibrated say nothing.
 */
export function excessesOf(
  trials: readonly Trial[],
  { calibration }: StoredCalibration,
  pair: SketchPair,
): Excesses {
  const of = (rows: number) => {
    const excesses: number[] = []
    for (const { reading, claimed } of trials) {
      if (reading?.projected === undefined || claimed === undefined) continue
      const { projected, promptTokens } = reading
      for (let first = 0; first + rows <= claimed.length / SKETCH_VALUES; first += rows) {
        const [start, end] = [first * SKETCH_VALUES, (first + rows) * SKETCH_VALUES]
        const position = promptTokens - 1 + first
        const leaf = { position, claimed: claimed.subarray(start, end), own: projected.subarray(start, end) }
        const { excess } = decideSketches(calibration, pair, [leaf])
        if (excess !== undefined) excesses.push(excess)
      }
    }
    return Float64Array.from(excesses)
  }
  return { oneRow: of(1), fourRows: of(POSITIONS_PER_LEAF) }
}

/** Undefined where a side has no row that could be compared. */
export function separation(honest: Excesses, cheat: Excesses): Separation | undefined {
  if (honest.fourRows.length === 0 || cheat.fourRows.length === 0) return undefined
  return {
    oneRow: areaUnderCurve(honest.oneRow, cheat.oneRow),
    fourRows: areaUnderCurve(honest.fourRows, cheat.fourRows),
  }
}
