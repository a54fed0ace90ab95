import type { Parameter } from '../model/architecture.ts'
import type { Tape } from './layers.ts'

/**
 * Five steps of the Newton–Schulz iteration X ← aX + b(XXᵀ)X + c(XXᵀ)²X bring every singular value of a matrix near 1.
 * Coefficients and number of steps: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.
 */
const [A, B, C] = [3.4445, -4.775, 2.0315]
const STEPS = 5

/**
 * The orthogonal matrix nearest to a [rows, columns] one, roughly, scaled so that its elements are as large as AdamW's
 * updates are: 0.2·√max(rows, columns) (Liu et al., "Muon is scalable for LLM training", 2025).
 */
export function orthogonal(tape: Tape, matrix: string, rows: number, columns: number): string {
  const { graph } = tape
  const gemm = (inputs: readonly string[], alpha: number, beta: number, transA = 0, transB = 0) =>
    graph.node('Gemm', inputs, {
      attributes: { alpha: { float: alpha }, beta: { float: beta }, transA, transB },
    })
  const norm = graph.node('Sqrt', [tape.reduce('ReduceSumSquare', matrix)])
  let x = graph.node('Div', [matrix, tape.add(norm, graph.scalar(1e-7))])
  const tall = rows > columns
  for (let step = 0; step < STEPS; step++) {
    // The smaller of XXᵀ and XᵀX.
    const square = gemm([x, x], 1, 0, tall ? 1 : 0, tall ? 0 : 1)
    const polynomial = gemm([square, square, square], C, B)
    x = tall ? gemm([x, polynomial, x], 1, A) : gemm([polynomial, x, x], 1, A)
  }
  return tape.multiply(x, graph.scalar(0.2 * Math.sqrt(Math.max(rows, columns))))
}

/** The matrices that stand side by side in a parameter, as column counts; each is made orthogonal on its own. */
export function sideBySide({ name, shape }: Parameter): number[] {
  const [rows = 0, columns = 0] = shape
  if (name.endsWith('.gateUp')) return [columns / 2, columns / 2]
  if (name.endsWith('.queryKeyValue')) return [rows, (columns - rows) / 2, (columns - rows) / 2]
  return [columns]
}
