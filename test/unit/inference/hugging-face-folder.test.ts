import { appendFile, copyFile, mkdir, readFile, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openHuggingFaceFolder } from '../../../shared/inference/hugging-face/open-folder.ts'
import { BOOL, FLOAT, FLOAT16, INT64, OnnxGraph } from '../../../shared/inference/onnx/graph.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import { editJson, exportedFolder, type Layout, remove } from '../../support/inference/exported-folder.ts'

type Shape = readonly (number | string)[]
interface GraphParts {
  /** Inputs and outputs that are otherwise than usual; undefined leaves one out. */
  readonly inputs?: Readonly<Record<string, readonly [number, Shape] | undefined>>
  readonly outputs?: Readonly<Record<string, readonly [number, Shape] | undefined>>
  readonly operator?: string
  readonly externalFile?: string
}

const CACHE = ['batch', 2, 'past', 16]

/** Puts a graph into the folder that looks like an exported one from the outside. */
async function putGraph(folder: string, { inputs, outputs, operator = 'MatMul', externalFile }: GraphParts) {
  const graph = new OnnxGraph()
  const allInputs: GraphParts['inputs'] = {
    input_ids: [INT64, ['batch', 'sequence']],
    attention_mask: [INT64, ['batch', 'total']],
    position_ids: [INT64, ['batch', 'sequence']],
    'past_key_values.0.key': [FLOAT, CACHE],
    'past_key_values.0.value': [FLOAT, CACHE],
    ...inputs,
  }
  const allOutputs: GraphParts['outputs'] = {
    logits: [FLOAT, ['batch', 'sequence', 259]],
    'present.0.key': [FLOAT, CACHE],
    'present.0.value': [FLOAT, CACHE],
    ...outputs,
  }
  for (const [name, value] of Object.entries(allInputs)) if (value) graph.input(name, value[0], value[1])
  for (const [name, value] of Object.entries(allOutputs)) if (value) graph.output(name, value[0], value[1])
  const data =
    externalFile === undefined ? new Uint8Array(16) : { location: externalFile, offset: 0, length: 16 }
  graph.tensor('matrix', FLOAT, [2, 2], data)
  graph.node(operator, ['hidden', 'matrix'], { outputs: ['logits'] })
  await mkdir(dirname(join(folder, 'onnx/model.onnx')), { recursive: true })
  await writeFile(join(folder, 'onnx/model.onnx'), graph.finish())
}

async function refusal(folder: string): Promise<StarlingError> {
  const error = await openHuggingFaceFolder(folder, 'cpu').catch((reason: unknown) => reason)
  if (!(error instanceof StarlingError)) throw new Error(`was not refused: ${String(error)}`)
  expect(describeError(error)).not.toContain('\n')
  expect(error.message).toContain(folder)
  expect(error.remedy).toBeTruthy()
  return error
}

const changeConfig = (name: string, change: Record<string, unknown>) => (folder: string) =>
  editJson(folder, name, (json) => void Object.assign(json, change))
const changeDecoder = (change: Record<string, unknown>) => (folder: string) =>
  editJson(folder, 'genai_config.json', ({ model }) => {
    Object.assign((model as { decoder: object }).decoder, change)
  })
const changeModel = (change: Record<string, unknown>) => (folder: string) =>
  editJson(folder, 'genai_config.json', ({ model }) => void Object.assign(model as object, change))
const graph = (parts: GraphParts) => (folder: string) => putGraph(folder, parts)

type Case = readonly [
  what: string,
  layout: Layout,
  change: (folder: string) => Promise<unknown>,
  says: RegExp,
]

const cases: readonly Case[] = [
  ['no config', 'optimum', (f) => remove(f, 'config.json'), /neither a config.json nor a genai_config.json/],
  [
    'a config that is not JSON',
    'optimum',
    (f) => appendFile(join(f, 'config.json'), '}'),
    /config.json that is not JSON/,
  ],
  [
    'a config with a wrong value',
    'optimum',
    changeConfig('config.json', { vocab_size: 'many' }),
    /vocab_size/,
  ],
  [
    'no length in the config',
    'optimum',
    changeConfig('config.json', { max_position_embeddings: null }),
    /max_position_embeddings/,
  ],
  [
    'an encoder-decoder model',
    'optimum',
    changeConfig('config.json', { is_encoder_decoder: true }),
    /encoder-decoder/,
  ],
  ['no ONNX file', 'optimum', (f) => remove(f, 'onnx'), /no ONNX file/],
  [
    'files of an encoder and a decoder',
    'optimum',
    async (f) => {
      await copyFile(join(f, 'onnx/model.onnx'), join(f, 'onnx/decoder_model.onnx'))
      await rename(join(f, 'onnx/model.onnx'), join(f, 'onnx/encoder_model.onnx'))
    },
    /encoder-decoder model \(encoder_model.onnx\)/,
  ],
  [
    'a merged decoder by name',
    'optimum',
    (f) => rename(join(f, 'onnx/model.onnx'), join(f, 'onnx/decoder_model_merged.onnx')),
    /merged decoder/,
  ],
  [
    'a graph under another name',
    'optimum',
    (f) => rename(join(f, 'onnx/model.onnx'), join(f, 'onnx/mine.onnx')),
    /no model.onnx, but mine.onnx/,
  ],
  [
    'an ONNX file that is something else',
    'optimum',
    (f) => writeFile(join(f, 'onnx/model.onnx'), 'version https://git-lfs'),
    /model.onnx/,
  ],
  [
    'half an ONNX file',
    'optimum',
    (f) => truncate(join(f, 'onnx/model.onnx'), 70_000),
    /longer than what holds it/,
  ],
  ['no tokenizer', 'optimum', (f) => remove(f, 'tokenizer.json'), /no tokenizer.json/],
  [
    'a tokenizer of unknown kind',
    'optimum',
    changeConfig('tokenizer.json', { model: { type: 'Magic' } }),
    /tokenizer or chat template/,
  ],
  [
    'a broken chat template',
    'optimum',
    (f) => writeFile(join(f, 'chat_template.jinja'), '{% for %}'),
    /tokenizer or chat template/,
  ],
  [
    'a chat template that refuses a plain question',
    'optimum',
    (f) => writeFile(join(f, 'chat_template.jinja'), "{{ raise_exception('not today') }}"),
    /tokenizer or chat template that can't be used: .*not today/,
  ],
  [
    'more tokens than the graph knows',
    'optimum',
    changeConfig('tokenizer.json', { added_tokens: [{ id: 900, content: '<x>', special: true }] }),
    /ids up to 900 .* 259 tokens/,
  ],
  [
    'no end of an answer',
    'optimum',
    async (f) => {
      await changeConfig('config.json', { eos_token_id: null })(f)
      await changeConfig('generation_config.json', { eos_token_id: null })(f)
      await changeConfig('tokenizer_config.json', { eos_token: null })(f)
    },
    /which token ends an answer/,
  ],
  [
    'no cache',
    'optimum',
    graph({ inputs: { 'past_key_values.0.key': undefined } }),
    /past_key_values.0.key: it was exported without a cache/,
  ],
  [
    'layers of another kind between those with a cache',
    'optimum',
    graph({
      inputs: {
        'past_key_values.0.key': undefined,
        'past_key_values.0.value': undefined,
        'past_key_values.2.key': [FLOAT, CACHE],
        'past_key_values.2.value': [FLOAT, CACHE],
        'past_conv.0': [FLOAT, ['batch', 32, 4]],
      },
      outputs: { 'present.2.key': [FLOAT, CACHE], 'present.2.value': [FLOAT, CACHE] },
    }),
    /the input past_conv.0/,
  ],
  [
    'half a cache',
    'optimum',
    graph({ inputs: { 'past_key_values.0.value': undefined } }),
    /without the input past_key_values.0.value/,
  ],
  [
    'a cache that does not come out',
    'optimum',
    graph({ outputs: { 'present.0.value': undefined } }),
    /without the output present.0.value/,
  ],
  [
    'a cache of three dimensions',
    'optimum',
    graph({ inputs: { 'past_key_values.0.key': [FLOAT, ['batch', 'past', 32]] } }),
    /\[batch, past, 32\], not as/,
  ],
  [
    'a cache of fixed length',
    'optimum',
    graph({ inputs: { 'past_key_values.0.key': [FLOAT, ['batch', 2, 128, 16]] } }),
    /fixed length/,
  ],
  [
    'a cache of bfloat16',
    'optimum',
    graph({ inputs: { 'past_key_values.0.key': [16, CACHE] } }),
    /element type 16/,
  ],
  [
    'an open cache size',
    'optimum',
    async (f) => {
      await changeConfig('config.json', { head_dim: null, hidden_size: null })(f)
      await putGraph(f, { inputs: { 'past_key_values.0.key': [FLOAT, ['batch', 2, 'past', 'width']] } })
    },
    /leaves the size of its cache open/,
  ],
  [
    'no tokens going in',
    'optimum',
    graph({ inputs: { input_ids: undefined } }),
    /without the input input_ids/,
  ],
  [
    'embeddings going in',
    'optimum',
    graph({ inputs: { input_ids: undefined, inputs_embeds: [FLOAT, ['batch', 'sequence', 8]] } }),
    /inputs_embeds/,
  ],
  [
    'tokens as floats',
    'optimum',
    graph({ inputs: { input_ids: [FLOAT, ['batch', 'sequence']] } }),
    /input_ids of element type 1/,
  ],
  [
    'one token at a time',
    'optimum',
    graph({ inputs: { input_ids: [INT64, ['batch', 1]] } }),
    /one token at a time/,
  ],
  ['tokens of fixed number', 'optimum', graph({ inputs: { input_ids: [INT64, [1, 64]] } }), /fixed size/],
  [
    'positions in three parts',
    'optimum',
    graph({ inputs: { position_ids: [INT64, [3, 'batch', 'sequence']] } }),
    /position_ids/,
  ],
  [
    'a switch between two graphs',
    'optimum',
    graph({ inputs: { use_cache_branch: [BOOL, [1]] } }),
    /merged decoder/,
  ],
  [
    'the states of an encoder',
    'optimum',
    graph({ inputs: { encoder_hidden_states: [FLOAT, ['b', 's', 8]] } }),
    /encoder-decoder/,
  ],
  [
    'an input that nobody knows',
    'optimum',
    graph({ inputs: { pixel_values: [FLOAT, ['b', 3, 'h', 'w']] } }),
    /the input pixel_values/,
  ],
  ['no logits', 'optimum', graph({ outputs: { logits: undefined } }), /without the output logits/],
  [
    'logits of integers',
    'optimum',
    graph({ outputs: { logits: [INT64, ['b', 's', 259]] } }),
    /element type 7/,
  ],
  [
    'logits of two dimensions',
    'optimum',
    graph({ outputs: { logits: [FLOAT, ['b', 259]] } }),
    /\[b, 259\], not as/,
  ],
  [
    'logits of the last token',
    'optimum',
    graph({ outputs: { logits: [FLOAT, ['b', 1, 259]] } }),
    /last token only/,
  ],
  [
    'another vocabulary',
    'optimum',
    graph({ outputs: { logits: [FLOAT, ['b', 's', 200]] } }),
    /ids up to 258 .* 200 tokens/,
  ],
  [
    'weights outside of the folder',
    'optimum',
    graph({ externalFile: '../config.json' }),
    /outside of the folder: "\.\.\/config.json"/,
  ],
  [
    'weights at an absolute path',
    'optimum',
    graph({ externalFile: '/etc/hostname' }),
    /outside of the folder: "\/etc\/hostname"/,
  ],
  [
    'weights behind a link',
    'optimum',
    async (f) => {
      await putGraph(f, { externalFile: 'linked.bin' })
      await symlink(join(f, 'config.json'), join(f, 'onnx/linked.bin'))
    },
    /linked.bin as a link that leads out/,
  ],
  ['weights that are missing', 'genai', (f) => remove(f, 'model.onnx.data'), /lacks model.onnx.data/],
  [
    'weights that are cut',
    'genai',
    (f) => truncate(join(f, 'model.onnx.data'), 1000),
    /model.onnx.data has 1000 bytes of at least \d+/,
  ],
  ['a graph file that is missing', 'genai', (f) => remove(f, 'model.onnx'), /lacks model.onnx/],
  [
    'a graph file outside of the folder',
    'genai',
    changeDecoder({ filename: '../model.onnx' }),
    /outside of the folder/,
  ],
  ['a pipeline', 'genai', changeDecoder({ pipeline: [] }), /pipeline of graphs/],
  ['a part that sees', 'genai', changeModel({ vision: { filename: 'vision.onnx' } }), /part for vision/],
  [
    'names that its graph does not have',
    'genai',
    changeDecoder({ inputs: { past_key_names: 'past_%d' } }),
    /without inputs like past_0/,
  ],
  ['a name for all layers', 'genai', changeDecoder({ inputs: { past_key_names: 'past' } }), /past_key_names/],
  [
    'keys and values in one tensor',
    'genai',
    changeDecoder({ inputs: { past_names: 'past_%d' } }),
    /keys and values in one tensor \(past_%d\)/,
  ],
]

describe('a folder that can not be served says why in one line', () => {
  test.each(cases)('%s', async (_, layout, change, says) => {
    const folder = await exportedFolder(layout)
    await change(folder)
    const error = await refusal(folder)
    expect(['MODEL_UNSERVABLE', 'MODEL_DAMAGED']).toContain(error.code)
    expect(error.message).toMatch(says)
  })
})

describe('a folder that can be served', () => {
  test.each(['optimum', 'genai'] as const)('%s: says what its model is', async (layout) => {
    const { info, text } = await openHuggingFaceFolder(await exportedFolder(layout), 'cpu')
    expect(info).toMatchObject({
      vocabularySize: 259,
      contextLength: 256,
      eosToken: 257,
      stopTokens: [257],
      level: 2,
    })
    expect(info.executionClass).toMatch(/^cpu-fp32\/ort-/)
    expect(info.name).toMatch(/^starling-exported-/)
    expect(text.encodePrompt('a')).toEqual([256, 97, 258])
  })

  test('is named by what decides its answers, wherever it lies', async () => {
    const hashOf = async (folder: string) => (await openHuggingFaceFolder(folder, 'cpu')).info.hash
    const hash = await hashOf(await exportedFolder('genai'))
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await hashOf(await exportedFolder('genai'))).toBe(hash)
    const readme = await exportedFolder('genai')
    await writeFile(join(readme, 'README.md'), 'hello')
    expect(await hashOf(readme)).toBe(hash)
    const data = await exportedFolder('genai')
    const bytes = await readFile(join(data, 'model.onnx.data'))
    bytes[500]! ^= 1
    await writeFile(join(data, 'model.onnx.data'), bytes)
    const template = await exportedFolder('genai')
    await writeFile(join(template, 'chat_template.jinja'), 'x')
    const others = [
      await hashOf(data),
      await hashOf(template),
      await hashOf(await exportedFolder('genai', 'fp32', 7)),
    ]
    expect(new Set([hash, ...others]).size).toBe(4)
  })

  test('stops at every token that its files name, the tokenizer’s own first', async () => {
    const folder = await exportedFolder('optimum')
    await changeConfig('generation_config.json', { eos_token_id: [258, 257, 9999] })(folder)
    const { info } = await openHuggingFaceFolder(folder, 'cpu')
    expect(info.stopTokens).toEqual([257, 258])
    expect(info.eosToken).toBe(257)
  })

  test('reads no more than the operator allows', async () => {
    const { info, source } = await openHuggingFaceFolder(await exportedFolder('optimum'), 'cpu', 100)
    expect([info.contextLength, source.contextLength]).toEqual([100, 100])
  })

  test.each([
    ['half precision', { operator: 'MatMul' }, 'fp16', 2],
    ['dynamic quantisation', { operator: 'DynamicQuantizeMatMul' }, 'int8', 1],
    ['packed 4-bit weights', { operator: 'MatMulNBits' }, 'q4', 2],
  ] as const)('says how exact %s is', async (what, parts, precision, level) => {
    const folder = await exportedFolder('optimum', what === 'half precision' ? 'fp16' : 'fp32')
    if (what !== 'half precision') await putGraph(folder, parts)
    const { info, source } = await openHuggingFaceFolder(folder, 'cpu')
    expect(info.executionClass).toMatch(new RegExp(`^cpu-${precision}/`))
    expect(info.level).toBe(level)
    expect(source.isDynamic).toBe(level === 1)
  })

  test('takes a cache of half precision, and sizes from the config where the graph leaves them open', async () => {
    const folder = await exportedFolder('optimum')
    const past = [FLOAT16, ['batch', 'heads', 'past', 'width']] as const
    await putGraph(folder, { inputs: { 'past_key_values.0.key': past, 'past_key_values.0.value': past } })
    const { source } = await openHuggingFaceFolder(folder, 'cpu')
    expect(source.bindings.cache).toMatchObject([
      { past: 'past_key_values.0.key', type: 'float16', heads: 2, width: 16 },
      { past: 'past_key_values.0.value', type: 'float16', heads: 2, width: 16 },
    ])
  })

  test('may list a weight as an input, and ask how many rows of logits are wanted', async () => {
    const folder = await exportedFolder('optimum')
    await putGraph(folder, { inputs: { matrix: [FLOAT, [2, 2]], num_logits_to_keep: [INT64, []] } })
    const { source } = await openHuggingFaceFolder(folder, 'cpu')
    expect(source.bindings.rowsToKeep).toEqual({ name: 'num_logits_to_keep', type: 'int64', rank: 0 })
  })
})
