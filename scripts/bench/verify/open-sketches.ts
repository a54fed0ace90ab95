import type { Random } from '../../../shared/inference/random.ts'
import { leafCount, POSITIONS_PER_LEAF } from '../../../shared/proof/answer-root.ts'
import {
  decideSketches,
  type OpenedLeaf,
  type SketchDecision,
} from '../../../shared/proof/sketch/decision.ts'
import { SKETCH_VALUES } from '../../../shared/proof/sketch/matrix.ts'
import { openedLeaves } from '../../../shared/proof/sketch/opening.ts'
import type { AnswerRows } from '../../calibrate/measure.ts'
import type { ClassSession } from './context.ts'
import { bytes32 } from './orders.ts'

/** Sketches of a whole answer, row-major [tokens, SKETCH_VALUES]. */
export interface BothSketches {
  /** As they were committed. */
  readonly claimed: Float32Array
  /** The validator's. */
  readonly own: Float32Array
}

/** Opens what a fresh beacon asks for, and decides on it as an audit does. */
export function decideOpened(
  { calibration, pair }: ClassSession,
  { question, tokens }: AnswerRows,
  { claimed, own }: BothSketches,
  random: Random,
): SketchDecision & { readonly leaves: readonly OpenedLeaf[] } {
  const asked = openedLeaves(bytes32(random), question.challenge, leafCount(tokens.length))
  const leaves = asked.map((index) => {
    const first = index * POSITIONS_PER_LEAF
    const end = Math.min(first + POSITIONS_PER_LEAF, tokens.length)
    const part = (all: Float32Array) => all.subarray(first * SKETCH_VALUES, end * SKETCH_VALUES)
    return { position: question.declared.length - 1 + first, claimed: part(claimed), own: part(own) }
  })
  return { ...decideSketches(calibration.calibration, pair, leaves), leaves }
}
