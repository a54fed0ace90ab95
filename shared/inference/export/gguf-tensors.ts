import { type Architecture, headWidth } from '../model/architecture.ts'
import { tensorOf, type Weights } from '../model/weights.ts'
import { encodeFloats, transpose } from './elements.ts'
import type { GgufTensor } from './gguf-writer.ts'
import { BLOCK, encodeQ8 } from './q8-0.ts'

export type GgufDtype = 'fp32' | 'fp16' | 'q8_0'

/** `enum ggml_type` */
const F32 = 0
const F16 = 1
const Q8_0 = 8

/**
 * A Llama's tensors by llama.cpp's names, with matrices as [outputs, inputs]. The output matrix is left out: llama.cpp then
 * takes the embedding, as ours is tied.
 */
export function ggufTensors(architecture: Architecture, weights: Weights, dtype: GgufDtype): GgufTensor[] {
  const { vocabularySize, width, layers, heads, kvHeads, feedForward } = architecture
  const kvWidth = kvHeads * headWidth(architecture)
  const vector = (name: string, values: Float32Array): GgufTensor => ({
    name: `${name}.weight`,
    shape: [values.length],
    type: F32,
    bytes: encodeFloats(values, 'fp32'),
  })
  const matrix = (name: string, rows: number, values: Float32Array): GgufTensor => {
    const shape = [rows, values.length / rows]
    return { name: `${name}.weight`, shape, ...encodeMatrix(values, shape[1]!, dtype) }
  }
  const tensors = [matrix('token_embd', vocabularySize, tensorOf(weights, 'embedding'))]
  for (let layer = 0; layer < layers; layer++) {
    const ours = (name: string) => tensorOf(weights, `layer${layer}.${name}`)
    const turned = (name: string, inputs: number, outputs: number) => transpose(ours(name), inputs, outputs)
    const name = `blk.${layer}`
    const rows = turned('queryKeyValue', width, width + 2 * kvWidth)
    const cut = (from: number, count: number) => rows.subarray(from * width, (from + count) * width)
    const gateUp = turned('gateUp', width, 2 * feedForward)
    tensors.push(
      vector(`${name}.attn_norm`, ours('attentionNorm')),
      matrix(`${name}.attn_q`, width, interleaveHeads(cut(0, width), heads, width)),
      matrix(`${name}.attn_k`, kvWidth, interleaveHeads(cut(width, kvWidth), kvHeads, width)),
      matrix(`${name}.attn_v`, kvWidth, cut(width + kvWidth, kvWidth)),
      matrix(`${name}.attn_output`, width, turned('attentionOutput', width, width)),
      vector(`${name}.ffn_norm`, ours('feedForwardNorm')),
      matrix(`${name}.ffn_gate`, feedForward, gateUp.subarray(0, feedForward * width)),
      matrix(`${name}.ffn_up`, feedForward, gateUp.subarray(feedForward * width)),
      matrix(`${name}.ffn_down`, width, turned('down', feedForward, width)),
    )
  }
  return [...tensors, vector('output_norm', tensorOf(weights, 'finalNorm'))]
}

/**
 * Rows of each head in the order that llama.cpp rotates for this architecture: it pairs row 2i with row 2i + 1, where ours
 * pairs row i with row i + headWidth/2. Attention itself does not mind the order.
 */
export function interleaveHeads(rows: Float32Array, heads: number, columns: number): Float32Array {
  const perHead = rows.length / columns / heads
  const out = new Float32Array(rows.length)
  for (let row = 0; row < heads * perHead; row++) {
    const head = row - (row % perHead)
    const within = row % perHead
    const source = head + (within >> 1) + (within & 1) * (perHead / 2)
    out.set(rows.subarray(source * columns, (source + 1) * columns), row * columns)
  }
  return out
}

/** Rows that are not whole blocks stay in half precision, as llama.cpp's own quantiser leaves them. */
function encodeMatrix(
  values: Float32Array,
  columns: number,
  dtype: GgufDtype,
): { readonly type: number; readonly bytes: Uint8Array } {
  if (dtype === 'fp32') return { type: F32, bytes: encodeFloats(values, 'fp32') }
  if (dtype === 'q8_0' && columns % BLOCK === 0) return { type: Q8_0, bytes: encodeQ8(values) }
  return { type: F16, bytes: encodeFloats(values, 'fp16') }
}
