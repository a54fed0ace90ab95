import { performance } from 'node:perf_hooks'
import { openDeviceSession } from '../onnx/device-session.ts'
import type { Provider } from '../onnx/execution-class.ts'
import { FLOAT, OnnxGraph } from '../onnx/graph.ts'

/** 2 · 512³ operations: a core needs some milliseconds, a graphics card less than one, a software device seconds. */
const EXTENT = 512
const RUNS = 2

/** Milliseconds of one large matrix product on a provider, the fastest of a few after one that compiles. */
export async function productTime(provider: Provider, threads: number): Promise<number> {
  const graph = new OnnxGraph()
  const shape = [EXTENT, EXTENT]
  graph.input('input', FLOAT, shape)
  graph.floats('matrix', shape, new Float32Array(EXTENT * EXTENT).fill(1 / EXTENT))
  const product = graph.node('MatMul', ['input', 'matrix'])
  // One row is enough to wait for, and downloading all of them would take longer than the product.
  graph.node('ReduceSum', [product, graph.integers(0)], { outputs: ['sums'], attributes: { keepdims: 0 } })
  graph.output('sums', FLOAT, [EXTENT])
  const session = await openDeviceSession(graph.finish(), { provider, threads, keep: [], bring: ['sums'] })
  const feeds = { input: { data: new Float32Array(EXTENT * EXTENT).fill(1), shape } }
  try {
    await session.run(feeds, ['sums'])
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now()
      await session.run(feeds, ['sums'])
      best = Math.min(best, performance.now() - start)
    }
    return best
  } finally {
    await session.release()
  }
}
