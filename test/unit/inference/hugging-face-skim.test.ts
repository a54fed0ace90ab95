import { describe, expect, test } from 'vitest'
import { genaiFiles } from '../../../shared/inference/export/genai.ts'
import { loadModel } from '../../../shared/inference/model/folder.ts'
import { FLOAT, INT64, OnnxGraph } from '../../../shared/inference/onnx/graph.ts'
import type { ByteSource } from '../../../shared/inference/onnx/protobuf-reader.ts'
import { ProtobufWriter } from '../../../shared/inference/onnx/protobuf-writer.ts'
import { skimModel } from '../../../shared/inference/onnx/skim.ts'
import { hiddenTensor, tapBytes } from '../../../shared/inference/onnx/tap.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { tinyModelFolder } from './tiny-model.ts'

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    name: 'model.onnx',
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  }
}

/** hidden · matrix → logits, with what is asked for behind the product. */
function endingIn(...operators: readonly string[]): OnnxGraph {
  const graph = new OnnxGraph()
  graph.input('input_ids', INT64, ['batch', 'sequence'])
  graph.floats('embedding', [2, 2], Float32Array.of(1, 2, 3, 4))
  graph.node('Gather', ['embedding', 'input_ids'], { outputs: ['hidden'] })
  let value = graph.node('MatMul', ['hidden', 'embedding'])
  for (const [i, operator] of operators.entries()) {
    const inputs = operator === 'Add' ? ['embedding', value] : [value]
    value = graph.node(operator, inputs, i === operators.length - 1 ? { outputs: ['logits'] } : {})
  }
  graph.output('logits', FLOAT, ['batch', 'sequence', 2])
  return graph
}

describe('skimming', () => {
  test('finds inputs, outputs, weights and external files of an exported graph', async () => {
    const files = genaiFiles(await loadModel(await tinyModelFolder()), 'fp32')
    const facts = skimModel(sourceOf(files.find(({ path }) => path === 'model.onnx')!.bytes))
    expect(facts.inputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['input_ids', 'attention_mask', 'past_key_values.1.value']),
    )
    expect(facts.inputs.find(({ name }) => name === 'past_key_values.0.key')).toEqual({
      name: 'past_key_values.0.key',
      type: FLOAT,
      shape: ['batch_size', 2, 'past_sequence_length', 16],
    })
    const data = files.find(({ path }) => path === 'model.onnx.data')!
    expect([...facts.externalFiles]).toEqual([['model.onnx.data', data.bytes.length]])
    expect(facts.nodes.filter(({ operator }) => operator === 'GroupQueryAttention')).toHaveLength(2)
    expect(facts.weights.get(FLOAT)).toBeGreaterThan(50_000)
  })

  test('does not read weights', () => {
    const graph = new OnnxGraph()
    graph.input('x', FLOAT, ['n'])
    graph.floats('large', [2 ** 20], new Float32Array(2 ** 20))
    graph.node('Add', ['x', 'large'])
    const bytes = graph.finish()
    let read = 0
    const facts = skimModel({
      name: 'model.onnx',
      size: bytes.length,
      read(offset, length) {
        read += length
        return bytes.subarray(offset, offset + length)
      },
    })
    expect(facts.initializers).toEqual(new Set(['large']))
    expect(bytes.length).toBeGreaterThan(4_000_000)
    expect(read).toBeLessThan(200_000)
  })

  test('sees the files of constants in graphs inside of graphs', () => {
    const tensor = new ProtobufWriter().message(
      13,
      new ProtobufWriter().string(1, 'location').string(2, '../secret'),
    )
    const inner = new ProtobufWriter().message(5, tensor)
    const branch = new ProtobufWriter().string(1, 'then_branch').message(6, inner)
    const node = new ProtobufWriter().string(4, 'If').message(5, branch)
    const model = new ProtobufWriter().message(7, new ProtobufWriter().message(1, node))
    expect([...skimModel(sourceOf(model.finish())).externalFiles.keys()]).toEqual(['../secret'])
  })

  test.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('<!doctype html><html>not found</html>')],
    [
      'a pointer of Git LFS',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'),
    ],
    ['half a file', endingIn('Cast').finish().subarray(0, 60)],
    ['a length beyond the end', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1)],
    ['an endless number', new Uint8Array(40).fill(0xff)],
  ])('refuses %s as MODEL_DAMAGED', (_, bytes) => {
    expect(() => skimModel(sourceOf(bytes))).toThrow(
      expect.toSatisfy((error) => hasCode(error, 'MODEL_DAMAGED')),
    )
  })
})

describe('the hidden state', () => {
  test.each([
    ['a cast', ['Cast']],
    ['a bias', ['Add']],
    ['a soft cap and a cast', ['Div', 'Tanh', 'Mul', 'Cast']],
  ])('is found behind %s', (_, operators) => {
    const facts = skimModel(sourceOf(endingIn(...operators).finish()))
    expect(hiddenTensor(facts, 'logits')).toBe('hidden')
  })

  test('is not made up where the graph ends otherwise', () => {
    const facts = skimModel(sourceOf(endingIn('Softmax').finish()))
    expect(hiddenTensor(facts, 'logits')).toBeUndefined()
    expect(hiddenTensor(facts, 'no such output')).toBeUndefined()
  })

  test('becomes an output by the bytes that are appended', () => {
    const bytes = Buffer.concat([endingIn('Cast').finish(), tapBytes('hidden')])
    expect(skimModel(sourceOf(bytes)).outputs.map(({ name }) => name)).toEqual(['logits', 'hidden'])
  })
})
