import { stepName } from '../inference/reference/plan.ts'
import type { Pin } from '../inference/reference/trace.ts'
import type { WirePin } from '../protocol/dispute-messages.ts'
import { tileSize } from './opened-inputs.ts'
import type { Statement } from './statement.ts'
import { nodeAt, type TraceNode, tilePaths } from './tree.ts'

/** Pins as they travel: by the path to their tile. */
export function wirePins(tree: TraceNode, pins: readonly Pin[]): WirePin[] {
  const paths = tilePaths(tree)
  return pins.map(({ step, element, value }) => ({ path: [...paths.get(stepName(step))!], element, value }))
}

/** The inverse of `wirePins`; undefined where one points beside the tree. */
export function readPins(
  statement: Statement,
  tree: TraceNode,
  pins: readonly WirePin[],
): readonly Pin[] | undefined {
  const read: Pin[] = []
  for (const { path, element, value } of pins) {
    const step = nodeAt(tree, path)?.step
    if (step === undefined || element >= tileSize(statement, step)) return undefined
    read.push({ step, element, value })
  }
  return read
}
