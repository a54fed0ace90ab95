import { FLOAT } from '../onnx/graph.ts'
import { rotate, type Step, type Tape, type TrainingShape } from './layers.ts'

/**
 * Causal grouped-query attention over [query, key, value] side by side, [batch·sequence, (heads + 2·kvHeads)·headWidth]
 * in, [batch·sequence, heads·headWidth] out. The query heads of a group share their key and value, so they are stacked
 * along the sequence and multiplied at once; `attention_mask` has the same layout.
 */
export function attention(tape: Tape, input: string, shape: TrainingShape): Step {
  const { batch, sequence, heads, kvHeads, headWidth } = shape
  const { graph } = tape
  const allHeads = heads + 2 * kvHeads
  const scale = 1 / Math.sqrt(headWidth)
  const grouped = (value: string) =>
    tape.reshape(value, batch, kvHeads, (heads / kvHeads) * sequence, headWidth)
  const apart = (value: string) => tape.reshape(value, batch, heads, sequence, headWidth)

  const byHead = tape.swapHeads(tape.reshape(input, batch, sequence, allHeads, headWidth))
  const [queryKey = '', value = ''] = graph.split(byHead, [heads + kvHeads, kvHeads], 1)
  const rotated = rotate(tape, queryKey, headWidth, false)
  const [queryApart = '', key = ''] = graph.split(rotated, [heads, kvHeads], 1)
  const query = grouped(queryApart)
  const scores = tape.add(tape.batchedGemm(query, key, 0, 1, scale), 'attention_mask')
  const shares = graph.node('Softmax', [scores], { attributes: { axis: -1 } })
  const mixed = tape.swapHeads(apart(tape.batchedGemm(shares, value, 0, 0)))

  return {
    value: tape.reshape(mixed, batch * sequence, heads * headWidth),
    backward(gradient) {
      const byMixed = grouped(tape.swapHeads(tape.reshape(gradient, batch, sequence, heads, headWidth)))
      const byValue = tape.batchedGemm(shares, byMixed, 1, 0)
      const byShares = tape.batchedGemm(byMixed, value, 0, 1)
      // Softmax: ∂scores = shares·(∂shares − Σ ∂shares·shares)
      const along = tape.reduce('ReduceSum', tape.multiply(byShares, shares), -1)
      const byScores = tape.multiply(shares, tape.subtract(byShares, along))
      const byQuery = apart(tape.batchedGemm(byScores, key, 0, 0, scale))
      const byKey = tape.batchedGemm(byScores, query, 1, 0, scale)
      const byQueryKey = rotate(tape, tape.concat([byQuery, byKey], 1), headWidth, true)
      const together = tape.swapHeads(tape.concat([byQueryKey, byValue], 1))
      return tape.reshape(together, batch * sequence, allHeads * headWidth)
    },
  }
}

/**
 * Names `attention_mask`, [batch, 1, group·sequence, sequence], from the input `documents`, which numbers the document
 * of every position: 0 where a position may look, −10⁹ where it is later or in another document of the row.
 */
export function attentionMask({ graph }: Tape, { batch, sequence, heads, kvHeads }: TrainingShape): void {
  graph.input('documents', FLOAT, [batch, 1, sequence, 1])
  graph.floats('causal_mask', [1, 1, sequence, sequence], causalMask(sequence))
  const across = graph.node('Reshape', ['documents', graph.integers(batch, 1, 1, sequence)])
  const same = graph.node('Equal', ['documents', across])
  const mask = graph.node('Where', [same, 'causal_mask', graph.scalar(HIDDEN)])
  const copies = Array.from({ length: heads / kvHeads }, () => mask)
  graph.node('Concat', copies, { attributes: { axis: 2 }, outputs: ['attention_mask'] })
}

const HIDDEN = -1e9

function causalMask(sequence: number): Float32Array {
  const mask = new Float32Array(sequence * sequence)
  for (let row = 0; row < sequence; row++) mask.fill(HIDDEN, row * sequence + row + 1, (row + 1) * sequence)
  return mask
}
