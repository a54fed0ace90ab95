import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { headWidth, parameterCount } from '../../../shared/inference/model/architecture.ts'
import { FLOAT, OnnxGraph } from '../../../shared/inference/onnx/graph.ts'
import { type Feed, openSession } from '../../../shared/inference/onnx/session.ts'
import { gaussian, type Random } from '../../../shared/inference/random.ts'
import { median, timeFor } from '../timing.ts'
import type { MachineRates } from './floor.ts'

/** Rows of the matrix products: a full batch of decoding, and many. */
const FEW_ROWS = 16
const MANY_ROWS = 512
/** Rows that the streamed tensor is cut into; threads share them. */
const STREAM_ROWS = 1_024

interface Probe {
  readonly name: string
  readonly graph: Uint8Array
  readonly feeds: Readonly<Record<string, Feed>>
  /** FLOPs or bytes of one run. */
  readonly amount: number
}

export interface ProbeRate {
  readonly name: string
  /** FLOPs or bytes a millisecond, from the median run. */
  readonly perMs: number
}

export interface MeasuredRates extends MachineRates {
  readonly probes: readonly ProbeRate[]
}

export interface RateOptions {
  readonly architecture: Architecture
  readonly threads: number
  /** Milliseconds of runs of each graph. */
  readonly leastMs: number
  readonly random: Random
  readonly now: () => number
}

/**
 * Rates the machine with graphs that do nothing else: matrix products with the widths and the number of layers of the
 * model, and reading as many bytes as the weights have. The best graph counts.
 */
export async function measureRates(options: RateOptions): Promise<MeasuredRates> {
  const { architecture, random } = options
  const products = await rateAll(
    [FEW_ROWS, MANY_ROWS].map((rows) => productProbe(architecture, rows, random)),
    options,
  )
  const streams = await rateAll(streamProbes(architecture, random), options)
  const best = (rates: readonly ProbeRate[]) => Math.max(...rates.map(({ perMs }) => perMs))
  return { flopsPerMs: best(products), bytesPerMs: best(streams), probes: [...products, ...streams] }
}

/** The higher rates of two measurements. */
export function better(one: MeasuredRates, other: MeasuredRates): MeasuredRates {
  return {
    flopsPerMs: Math.max(one.flopsPerMs, other.flopsPerMs),
    bytesPerMs: Math.max(one.bytesPerMs, other.bytesPerMs),
    probes: [...one.probes, ...other.probes],
  }
}

async function rateAll(
  probes: readonly Probe[],
  { threads, leastMs, now }: RateOptions,
): Promise<ProbeRate[]> {
  const rates: ProbeRate[] = []
  for (const { name, graph, feeds, amount } of probes) {
    const session = await openSession(graph, threads, true)
    try {
      const ms = await timeFor(leastMs, now, () => session.run(feeds, ['out']))
      rates.push({ name, perMs: amount / median(ms) })
    } finally {
      await session.release()
    }
  }
  return rates
}

/** Products one after another, out and back to the model's width: what comes out is small, as outputs are copied. */
function productProbe(architecture: Architecture, rows: number, random: Random): Probe {
  const { width, layers, feedForward, kvHeads } = architecture
  const queryKeyValue = width + 2 * kvHeads * headWidth(architecture)
  const graph = new OnnxGraph()
  let value = graph.input('in', FLOAT, [rows, width])
  let flops = 0
  const sizes = [width, queryKeyValue, width, 2 * feedForward, width]
  for (let layer = 0; layer < layers; layer++) {
    for (const [step, outputs] of sizes.slice(1).entries()) {
      const inputs = sizes[step]!
      const name = graph.floats(`w${layer}.${step}`, [inputs, outputs], matrix(random, inputs, outputs))
      const isLast = layer === layers - 1 && step === sizes.length - 2
      value = graph.node('MatMul', [value, name], isLast ? { outputs: ['out'] } : {})
      flops += 2 * rows * inputs * outputs
    }
  }
  graph.output('out', FLOAT, [rows, width])
  const feed = { data: matrix(random, rows, width), shape: [rows, width] }
  return { name: `products of ${rows} rows`, graph: graph.finish(), feeds: { in: feed }, amount: flops }
}

/** Sums of rows, and a vector times a matrix: which one reads faster differs between processors. */
function streamProbes(architecture: Architecture, random: Random): Probe[] {
  const columns = Math.ceil(parameterCount(architecture) / STREAM_ROWS)
  const data = matrix(random, STREAM_ROWS, columns)
  const feeds = { in: { data, shape: [STREAM_ROWS, columns] } }
  const amount = data.byteLength
  const sums = new OnnxGraph()
  sums.input('in', FLOAT, [STREAM_ROWS, columns])
  sums.node('ReduceSum', ['in', sums.integers(1)], { attributes: { keepdims: 0 }, outputs: ['out'] })
  sums.output('out', FLOAT, [STREAM_ROWS])
  const product = new OnnxGraph()
  product.input('in', FLOAT, [STREAM_ROWS, columns])
  product.floats('vector', [1, STREAM_ROWS], matrix(random, STREAM_ROWS, 1))
  product.node('MatMul', ['vector', 'in'], { outputs: ['out'] })
  product.output('out', FLOAT, [1, columns])
  return [
    { name: 'sums of rows', graph: sums.finish(), feeds, amount },
    { name: 'vector times matrix', graph: product.finish(), feeds, amount },
  ]
}

function matrix(random: Random, rows: number, columns: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, () => gaussian(random) / Math.sqrt(rows))
}
