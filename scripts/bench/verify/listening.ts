import type { Engine, ReplayRequest, ReplayResult } from '../../../shared/inference/engine.ts'
import { SKETCH_VALUES } from '../../../shared/proof/sketch/matrix.ts'

/**
 * The same engine, but what an audit reads of an answer is kept, with the sketches of all positions where the audit asks for those of
 * some: one prefill serves the verdict and every figure about it.
 */
export function listenTo(engine: Engine): {
  readonly engine: Engine
  readonly heard: () => ReplayResult | undefined
} {
  let last: ReplayResult | undefined
  async function replay(request: ReplayRequest): Promise<ReplayResult> {
    const { projectionAt, tokens } = request
    const positions = tokens.map((_, position) => position)
    last = await engine.replay({
      ...request,
      ...(projectionAt === undefined ? {} : { projectionAt: { ...projectionAt, positions } }),
    })
    if (projectionAt === undefined) return last
    return { ...last, projected: rowsAt(last.projected!, projectionAt.positions) }
  }
  return { engine: { ...engine, replay }, heard: () => last }
}

function rowsAt(sketches: Float32Array, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * SKETCH_VALUES)
  for (const [place, row] of rows.entries())
    picked.set(sketches.subarray(row * SKETCH_VALUES, (row + 1) * SKETCH_VALUES), place * SKETCH_VALUES)
  return picked
}
