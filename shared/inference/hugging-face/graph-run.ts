import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Provider } from '../onnx/execution-class.ts'
import { tapBytes } from '../onnx/tap.ts'
import type { Bindings, CacheTensor, IntegerInput } from './bindings.ts'
import type { CacheBlock, Side } from './cache-block.ts'
import type { Elements } from './half.ts'

/** What one run is fed: `rows` tokens each for the sequences of a block, row-major. */
export interface GraphFeed {
  readonly past: CacheBlock
  readonly tokens: readonly number[]
  readonly positions: readonly number[]
  /** Of each sequence, how many positions are to be seen, of its past and of what is read. The others are padding. */
  readonly seen: readonly number[]
  /** Where these positions are: `end` where the padding goes first. */
  readonly side: Side
  /** How many last rows of logits are wanted; 0 is all. */
  readonly keep: number
}

export interface GraphRun {
  /** [batch, kept rows, vocabulary] */
  readonly logits: Elements
  /** [batch, kept rows or all, width] */
  readonly hidden: Elements | undefined
  /** The past and what was read. */
  readonly present: CacheBlock | undefined
}

export interface WantedOutputs {
  readonly hidden: boolean
  readonly present: boolean
}

/** An exported graph that is loaded. `run` blocks the thread until the native call returns. */
export interface Graph {
  run(feed: GraphFeed, wanted: WantedOutputs): Promise<GraphRun>
  release(): Promise<void>
}

export interface GraphOptions {
  /** The ONNX file. Weights outside of it are looked for in its folder. */
  readonly path: string
  readonly bindings: Bindings
  readonly provider: Provider
  readonly threads: number
  readonly dedicated: boolean
}

const MOST_READ = 2 ** 30

/** Loads a graph from memory, so that its hidden state can be made an output without touching the operator's files. */
export async function openGraph({ path, bindings, ...options }: GraphOptions): Promise<Graph> {
  const { hidden, mustTap, cache } = bindings
  const tap = mustTap && hidden !== undefined ? tapBytes(hidden) : new Uint8Array(0)
  const model = await readFollowedBy(path, tap)
  const session = await InferenceSession.create(model, {
    executionProviders: [options.provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        model_external_initializers_file_folder_path: dirname(path),
        intra_op: { allow_spinning: options.dedicated ? '1' : '0' },
      },
    },
  })
  const presentNames = cache.map(({ present }) => present)
  return {
    async run(feed, wanted) {
      const names = [bindings.logits]
      if (wanted.hidden && hidden !== undefined) names.push(hidden)
      if (wanted.present) names.push(...presentNames)
      const results = await session.run(feedsOf(bindings, feed), names)
      return {
        logits: elementsOf(results[bindings.logits]!),
        hidden: wanted.hidden && hidden !== undefined ? elementsOf(results[hidden]!) : undefined,
        present: wanted.present ? blockOf(results, cache, feed.past.batch) : undefined,
      }
    },
    release: () => session.release(),
  }
}

/** A file and some bytes behind it, in one piece: a copy of the weights would cost as much again. */
async function readFollowedBy(path: string, tail: Uint8Array): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.allocUnsafeSlow(size + tail.length)
    for (let offset = 0; offset < size; ) {
      const { bytesRead } = await file.read(bytes, offset, Math.min(size - offset, MOST_READ), offset)
      if (bytesRead === 0) throw new RangeError(`${path} ends at byte ${offset} of ${size}`)
      offset += bytesRead
    }
    bytes.set(tail, size)
    return bytes
  } finally {
    await file.close()
  }
}

function feedsOf(bindings: Bindings, feed: GraphFeed): Record<string, Tensor> {
  const { inputIds, attentionMask, positionIds, rowsToKeep, cache } = bindings
  const { batch, positions, tensors } = feed.past
  const rows = feed.tokens.length / batch
  const feeds: Record<string, Tensor> = {}
  const put = (input: IntegerInput | undefined, values: readonly number[], shape: readonly number[]) => {
    if (input !== undefined) feeds[input.name] = integers(input, values, shape)
  }
  put(inputIds, feed.tokens, [batch, rows])
  put(positionIds, feed.positions, [batch, rows])
  if (attentionMask !== undefined)
    feeds[attentionMask.name] = maskTensor(attentionMask, feed, positions + rows)
  put(rowsToKeep, [feed.keep], rowsToKeep?.rank === 0 ? [] : [1])
  for (const [index, { past, type, heads, width }] of cache.entries())
    feeds[past] = cacheTensor(type, tensors[index]!, [batch, heads, positions, width])
  return feeds
}

function integers({ type }: IntegerInput, values: readonly number[], shape: readonly number[]): Tensor {
  return type === 'int64'
    ? new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
    : new Tensor('int32', Int32Array.from(values), shape)
}

/** Filled in place: it has a value for every position of every sequence, at every step. */
function maskTensor({ type }: IntegerInput, { seen, side }: GraphFeed, length: number): Tensor {
  const shape = [seen.length, length]
  const wide = new BigInt64Array(type === 'int64' ? seen.length * length : 0)
  const narrow = new Int32Array(type === 'int32' ? seen.length * length : 0)
  for (const [row, count] of seen.entries()) {
    const from = row * length + (side === 'start' ? 0 : length - count)
    if (type === 'int64') wide.fill(1n, from, from + count)
    else narrow.fill(1, from, from + count)
  }
  return type === 'int64' ? new Tensor('int64', wide, shape) : new Tensor('int32', narrow, shape)
}

function cacheTensor(type: CacheTensor['type'], data: Elements, shape: readonly number[]): Tensor {
  return type === 'float32'
    ? new Tensor(type, data as Float32Array, shape)
    : new Tensor(type, data as Uint16Array, shape)
}

function blockOf(
  results: InferenceSession.ReturnType,
  cache: readonly CacheTensor[],
  batch: number,
): CacheBlock {
  const outputs = cache.map(({ present }) => results[present]!)
  return { batch, positions: outputs[0]?.dims[2] ?? 0, tensors: outputs.map(elementsOf) }
}

/** 16-bit floats come as bits, or, from newer versions of Node, as an array of them. */
function elementsOf(tensor: Tensor): Elements {
  const { data } = tensor
  if (data instanceof Float32Array || data instanceof Uint16Array) return data
  if (tensor.type === 'float16' && ArrayBuffer.isView(data))
    return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
  throw new TypeError(`the graph gave ${tensor.type} where floats were expected`)
}
