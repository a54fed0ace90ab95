import { FLOAT, FLOAT16, INT32, INT64 } from '../onnx/graph.ts'
import type { ModelFacts, ValueFacts } from '../onnx/skim.ts'
import { hiddenTensor } from '../onnx/tap.ts'
import type { Side } from './cache-block.ts'
import type { FolderConfig } from './config.ts'
import { unservable } from './unservable.ts'

export type IntegerType = 'int32' | 'int64'
export type FloatType = 'float16' | 'float32'

export interface IntegerInput {
  readonly name: string
  readonly type: IntegerType
  /** How many dimensions it has. */
  readonly rank: number
}

/** One layer's keys or values: [batch, heads, positions, width], as they go in and as they come out, longer by what was read. */
export interface CacheTensor {
  readonly past: string
  readonly present: string
  readonly type: FloatType
  readonly heads: number
  readonly width: number
}

/** How a graph is fed and read. Plain data: it goes to the process that computes. */
export interface Bindings {
  readonly inputIds: IntegerInput
  readonly attentionMask: IntegerInput | undefined
  readonly positionIds: IntegerInput | undefined
  /** How many last rows of logits are wanted; 0 is all. */
  readonly rowsToKeep: IntegerInput | undefined
  readonly cache: readonly CacheTensor[]
  readonly logits: string
  /** The final-norm hidden state, where it was found. */
  readonly hidden: string | undefined
  /** It is not an output yet. */
  readonly mustTap: boolean
  readonly vocabularySize: number
  /**
   * Where sequences of different length keep their rows in a shared cache: GroupQueryAttention takes them from the start,
   * a graph that concatenates past and present needs the newest ones side by side at the end.
   */
  readonly side: Side
}

const MOST_LAYERS = 1024

/** What inputs that we know by their meaning, beyond the cache, are called in exported graphs. */
const ROWS_TO_KEEP = ['num_logits_to_keep', 'logits_to_keep']

/** Finds inputs and outputs by name. Throws MODEL_UNSERVABLE for a graph that can't be driven, saying what is in the way. */
export function bindGraph(folder: string, config: FolderConfig, facts: ModelFacts): Bindings {
  const { names } = config
  // A weight may be listed as an input with a default.
  const inputs = new Map(
    facts.inputs.filter(({ name }) => !facts.initializers.has(name)).map((v) => [v.name, v]),
  )
  const outputs = new Map(facts.outputs.map((value) => [value.name, value]))
  refuseOtherKinds(folder, inputs)

  const inputIds = integerInput(folder, inputs, names.inputIds)
  if (inputIds === undefined) throw unservable(folder, `has a graph without the input ${names.inputIds}`)
  const positionIds = integerInput(folder, inputs, names.positionIds)
  if (positionIds !== undefined && positionIds.rank !== 2)
    throw unservable(folder, `wants ${names.positionIds} of ${positionIds.rank} dimensions, not 2`)
  const attentionMask = integerInput(folder, inputs, names.attentionMask)
  const rowsToKeep = ROWS_TO_KEEP.map((name) => integerInput(folder, inputs, name)).find(
    (input) => input !== undefined,
  )
  const cache = bindCache(folder, config, inputs, outputs)

  const known = new Set([inputIds.name, positionIds?.name, attentionMask?.name, rowsToKeep?.name])
  for (const { past } of cache) known.add(past)
  for (const name of inputs.keys()) {
    if (!known.has(name))
      throw unservable(folder, `has a graph with the input ${name}, which nothing here can fill`)
  }
  const vocabularySize = checkLogits(folder, config, outputs.get(names.logits))
  const hidden = hiddenTensor(facts, names.logits)
  return {
    inputIds,
    attentionMask,
    positionIds,
    rowsToKeep,
    cache,
    logits: names.logits,
    hidden,
    mustTap: hidden !== undefined && !outputs.has(hidden),
    vocabularySize,
    side: facts.nodes.some(({ operator }) => operator === 'GroupQueryAttention') ? 'start' : 'end',
  }
}

type Values = ReadonlyMap<string, ValueFacts>

function refuseOtherKinds(folder: string, inputs: Values): void {
  if (inputs.has('use_cache_branch'))
    throw unservable(
      folder,
      'has a merged decoder (use_cache_branch), two graphs in one',
      'export it without merging',
    )
  if (inputs.has('encoder_hidden_states'))
    throw unservable(folder, 'holds the decoder of an encoder-decoder model (encoder_hidden_states)')
  if (inputs.has('inputs_embeds'))
    throw unservable(folder, 'has a graph that reads embeddings instead of tokens (inputs_embeds)')
}

function integerInput(folder: string, inputs: Values, name: string): IntegerInput | undefined {
  const value = inputs.get(name)
  if (value === undefined) return undefined
  if (value.type !== INT32 && value.type !== INT64)
    throw unservable(folder, `wants ${name} of element type ${value.type}, not of integers`)
  const fixed = value.shape.findIndex((extent) => typeof extent === 'number' && extent !== 1)
  if (fixed >= 0 && value.shape.length > 1)
    throw unservable(folder, `has a graph of fixed size: ${name} is ${shapeOf(value)}`)
  if (value.shape.length > 1 && typeof value.shape[1] === 'number')
    throw unservable(folder, `has a graph that reads one token at a time: ${name} is ${shapeOf(value)}`)
  return { name, type: value.type === INT32 ? 'int32' : 'int64', rank: value.shape.length }
}

/** Layers that keep nothing, or keep it otherwise, may lie between those with a cache. */
function bindCache(folder: string, config: FolderConfig, inputs: Values, outputs: Values): CacheTensor[] {
  const { pastKey, pastValue, presentKey, presentValue } = config.names
  const cache: CacheTensor[] = []
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    if (!inputs.has(nameIn(pastKey, layer))) continue
    for (const [pastName, presentName] of [
      [pastKey, presentKey],
      [pastValue, presentValue],
    ] as const) {
      const past = nameIn(pastName, layer)
      const present = nameIn(presentName, layer)
      const value = inputs.get(past)
      if (value === undefined) throw unservable(folder, `has a graph without the input ${past}`)
      if (!outputs.has(present)) throw unservable(folder, `has a graph without the output ${present}`)
      cache.push({ past, present, ...cacheSize(folder, config, value) })
    }
  }
  if (cache.length === 0)
    throw unservable(
      folder,
      `has a graph without inputs like ${nameIn(pastKey, 0)}: it was exported without a cache`,
    )
  return cache
}

function cacheSize(
  folder: string,
  config: FolderConfig,
  value: ValueFacts,
): Pick<CacheTensor, 'type' | 'heads' | 'width'> {
  if (value.type !== FLOAT && value.type !== FLOAT16)
    throw unservable(
      folder,
      `keeps ${value.name} in element type ${value.type}; 32- and 16-bit floats are served`,
    )
  const [, heads, positions, width] = value.shape
  if (value.shape.length !== 4)
    throw unservable(
      folder,
      `has ${value.name} as ${shapeOf(value)}, not as [batch, heads, positions, width]`,
    )
  if (typeof positions === 'number')
    throw unservable(folder, `has a cache of fixed length: ${value.name} is ${shapeOf(value)}`)
  const sizes = {
    heads: typeof heads === 'number' ? heads : config.kvHeads,
    width: typeof width === 'number' ? width : config.headWidth,
  }
  if (!isSize(sizes.heads) || !isSize(sizes.width))
    throw unservable(folder, `leaves the size of its cache open: ${value.name} is ${shapeOf(value)}`)
  return { type: value.type === FLOAT ? 'float32' : 'float16', heads: sizes.heads, width: sizes.width }
}

const LARGEST_EXTENT = 65_536

function isSize(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= LARGEST_EXTENT
}

function checkLogits(folder: string, config: FolderConfig, value: ValueFacts | undefined): number {
  if (value === undefined) throw unservable(folder, `has a graph without the output ${config.names.logits}`)
  if (value.type !== FLOAT && value.type !== FLOAT16)
    throw unservable(
      folder,
      `gives ${value.name} in element type ${value.type}; 32- and 16-bit floats are served`,
    )
  const [, rows, width] = value.shape
  // Optimum's graphs say the sizes; without them the run will tell.
  if (value.shape.length !== 0 && value.shape.length !== 3)
    throw unservable(
      folder,
      `gives ${value.name} as ${shapeOf(value)}, not as [batch, positions, vocabulary]`,
    )
  if (rows === 1)
    throw unservable(folder, 'gives the logits of the last token only, so nothing could be verified with it')
  const size = typeof width === 'number' ? width : config.vocabularySize
  if (size === undefined || size < 2 || size > 2 ** 24)
    throw unservable(
      folder,
      'does not say how large its vocabulary is',
      'put vocab_size into its config.json',
    )
  return size
}

function nameIn(pattern: string, layer: number): string {
  return pattern.replace('%d', String(layer))
}

function shapeOf({ shape }: ValueFacts): string {
  return `[${shape.map((extent) => (extent === '' ? '?' : extent)).join(', ')}]`
}
