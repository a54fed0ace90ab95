import { join } from 'node:path'
import { StarlingError } from '../../process/errors.ts'
import type { Provider } from '../onnx/execution-class.ts'
import type { Runtime } from '../runtime.ts'
import type { Bindings } from './bindings.ts'
import { emptyBlock } from './cache-block.ts'
import { type Graph, openGraph } from './graph-run.ts'
import { exportedRuntime, type RuntimeParts } from './runtime.ts'
import { deviceGap, selfTest } from './self-test.ts'
import { unservable } from './unservable.ts'

/** A folder that has been looked at: what the process that computes needs to load it. Plain data. */
export interface HuggingFaceSource {
  readonly kind: 'hugging-face'
  readonly folder: string
  /** Relative to the folder. */
  readonly onnxFile: string
  readonly bindings: Bindings
  readonly contextLength: number
  /** Its rows depend on what else is read with them; see precision.ts. */
  readonly isDynamic: boolean
}

export interface RuntimeOptions {
  readonly source: HuggingFaceSource
  readonly provider: Provider
  readonly threads: number
  readonly dedicated: boolean
  readonly maxBatch: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Half precision and other kernels stay far below, a wrong kernel far above. */
const DEVICE_AGREES_WITHIN = 0.05

/**
 * Loads the graph of a Hugging Face style folder and tries out how it may be fed. Throws MODEL_UNSERVABLE where ONNX Runtime
 * can't load it, or where it doesn't continue from its own cache, and DEVICE_UNUSABLE where the device computes something
 * else than the CPU.
 */
export async function createHuggingFaceRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { source, provider } = options
  const { alone, together } = await load(options)
  try {
    const { continues, shares } = await said(source, () => selfTest(alone, together))
    if (!continues)
      throw unservable(
        source.folder,
        `has a graph (${source.onnxFile}) that does not continue from its own cache`,
      )
    if (provider !== 'cpu') await compareWithCpu(options, alone)
    return shares && !source.isDynamic ? together : alone
  } catch (error) {
    await alone.close()
    throw error
  }
}

/** Two runtimes on one graph: one gives each sequence runs of its own, the other lets them share. */
async function load(
  options: RuntimeOptions,
): Promise<{ readonly alone: Runtime; readonly together: Runtime }> {
  const { source, maxBatch, now } = options
  const { bindings, contextLength } = source
  const graph = await open(options)
  const width = await said(source, () => hiddenWidth(graph, bindings))
  const parts: RuntimeParts = { graph, bindings, contextLength, maxBatch, width, shares: false, now }
  return { alone: exportedRuntime(parts), together: exportedRuntime({ ...parts, shares: true }) }
}

async function compareWithCpu(options: RuntimeOptions, device: Runtime): Promise<void> {
  const { source, provider } = options
  const { alone: cpu } = await load({ ...options, provider: 'cpu' })
  const gap = await deviceGap(device, cpu)
  await cpu.close()
  if (gap <= DEVICE_AGREES_WITHIN) return
  throw new StarlingError(
    'DEVICE_UNUSABLE',
    `${provider} computes ${source.folder} otherwise than the CPU: logits lie ${gap.toPrecision(2)} of the largest apart`,
    'use --device cpu',
  )
}

function open({ source, provider, threads, dedicated }: RuntimeOptions): Promise<Graph> {
  const path = join(source.folder, source.onnxFile)
  const { bindings } = source
  return said(source, () => openGraph({ path, bindings, provider, threads, dedicated }))
}

/** Runs one token through the graph: only a run tells how wide the tapped tensor is. */
async function hiddenWidth(graph: Graph, { hidden, cache }: Bindings): Promise<number> {
  if (hidden === undefined) return 0
  const past = emptyBlock(1, cache)
  const feed = { past, tokens: [0], positions: [0], seen: [1], side: 'start', keep: 0 } as const
  const run = await graph.run(feed, { hidden: true, present: false })
  return run.hidden?.length ?? 0
}

/** What ONNX Runtime says, as one line that names the file. */
async function said<T>({ folder, onnxFile }: HuggingFaceSource, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw unservable(folder, `has a graph (${onnxFile}) that does not run: ${line}`)
  }
}
