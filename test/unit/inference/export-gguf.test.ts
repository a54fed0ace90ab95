import { describe, expect, test } from 'vitest'
import { ggufFiles } from '../../../shared/inference/export/gguf.ts'
import { interleaveHeads } from '../../../shared/inference/export/gguf-tensors.ts'
import { encodeQ8 } from '../../../shared/inference/export/q8-0.ts'
import { fromFloat16 } from '../../../shared/inference/model/float16.ts'
import { type GgufEntry, readGguf } from '../../support/gguf.ts'
import { TINY_MODEL } from './tiny-export.ts'
import { TINY } from './tiny-model.ts'

const model = TINY_MODEL
const weights = model.weights

function floats(bytes: Uint8Array, { extents, offset }: GgufEntry): Float32Array {
  const count = extents.reduce((product, extent) => product * extent, 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(offset + 4 * i, true))
}

describe('exported GGUF', () => {
  const [file] = ggufFiles(model, 'fp32')
  const { version, metadata, tensors } = readGguf(file!.bytes)

  test('its header tells the architecture and the vocabulary', () => {
    expect(file!.path).toBe('tiny-F32.gguf')
    expect(version).toBe(3)
    expect(Object.fromEntries([...metadata].filter(([key]) => key.startsWith('llama.')))).toEqual({
      'llama.vocab_size': 259,
      'llama.context_length': 256,
      'llama.embedding_length': 64,
      'llama.block_count': 2,
      'llama.feed_forward_length': 48,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 2,
      'llama.attention.layer_norm_rms_epsilon': Math.fround(1e-5),
      'llama.rope.dimension_count': 16,
      'llama.rope.freq_base': 10_000,
    })
    expect(metadata.get('tokenizer.ggml.tokens')).toHaveLength(259)
    const types = metadata.get('tokenizer.ggml.token_type') as number[]
    expect([types[0], types[255], types[256], types[258], types.length]).toEqual([1, 1, 3, 3, 259])
    expect(metadata.get('tokenizer.ggml.merges')).toEqual([])
  })

  test('its table holds each tensor once, aligned, and within the file', () => {
    expect(tensors.size).toBe(2 + 9 * TINY.layers)
    const sizes = [...tensors.values()].map(({ extents }) => extents.reduce((a, b) => a * b, 1))
    const values = [...weights.values()].reduce((sum, tensor) => sum + tensor.length, 0)
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(values)
    for (const [name, { extents, offset }] of tensors) {
      expect(offset % 32, name).toBe(0)
      expect(offset + 4 * extents.reduce((a, b) => a * b, 1), name).toBeLessThanOrEqual(file!.bytes.length)
    }
  })

  test('matrices are turned to rows of inputs', () => {
    const down = tensors.get('blk.1.ffn_down.weight')!
    expect(down.extents).toEqual([TINY.feedForward, TINY.width])
    const values = floats(file!.bytes, down)
    const ours = weights.get('layer1.down')!
    for (const [output, input] of [
      [0, 0],
      [3, 7],
      [63, 47],
    ] as const) {
      expect(values[output * TINY.feedForward + input]).toBe(ours[input * TINY.width + output])
    }
    const up = floats(file!.bytes, tensors.get('blk.0.ffn_up.weight')!)
    expect(up[2 * TINY.width + 5]).toBe(
      weights.get('layer0.gateUp')![5 * 2 * TINY.feedForward + TINY.feedForward + 2],
    )
    expect(floats(file!.bytes, tensors.get('token_embd.weight')!)).toEqual(weights.get('embedding'))
  })

  test('rows of a head that are rotated together lie side by side', () => {
    // Two heads of four rows, one column.
    expect([...interleaveHeads(Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13), 2, 1)]).toEqual([
      0, 2, 1, 3, 10, 12, 11, 13,
    ])
    const key = floats(file!.bytes, tensors.get('blk.0.attn_k.weight')!)
    const fused = weights.get('layer0.queryKeyValue')!
    // Row 1 of the keys is the partner of row 0: half a head further on in ours.
    const column = TINY.width + 16 / 2
    expect(key[TINY.width + 9]).toBe(fused[9 * (TINY.width + 64) + column])
  })

  test('Q8_0 keeps whole blocks within half a step, and leaves other rows in half precision', () => {
    const values = Float32Array.from({ length: 64 }, (_, i) => (i < 32 ? Math.sin(i) : 0))
    const bytes = encodeQ8(values)
    const view = new DataView(bytes.buffer)
    expect(bytes.length).toBe(68)
    const step = fromFloat16(view.getUint16(0, true))
    for (let i = 0; i < 32; i++) {
      expect(Math.abs(view.getInt8(2 + i) * step - values[i]!)).toBeLessThan(step * 0.6)
    }
    expect([...bytes.subarray(34)]).toEqual(Array(34).fill(0))
    const quantized = readGguf(ggufFiles(model, 'q8_0')[0]!.bytes).tensors
    expect(quantized.get('blk.0.attn_q.weight')!.type).toBe(8)
    expect(quantized.get('blk.0.ffn_down.weight')!.type).toBe(1)
    expect(quantized.get('blk.0.attn_norm.weight')!.type).toBe(0)
  })
})
