import { openDeviceSession } from '../../shared/inference/onnx/device-session.ts'
import type { Provider } from '../../shared/inference/onnx/execution-class.ts'
import { FLOAT, OnnxGraph } from '../../shared/inference/onnx/graph.ts'

/** Enough that launching the first and fetching the last do not count. */
const PASSES = 16
const RUNS = 5

/**
 * Memory bandwidth of a provider's device in GB/s, both directions together: elementwise products over one large tensor,
 * each of which reads and writes all of it. The tensor is made on the device and one number of it comes back.
 */
export async function measureBandwidth(
  provider: Provider,
  floats: number,
  threads: number,
  now: () => number,
): Promise<number> {
  const session = await openDeviceSession(bandwidthGraph(floats), {
    provider,
    threads,
    keep: [],
    bring: ['sample'],
  })
  // A product with 1 that the graph can't know to be 1.
  const feeds = { factor: { data: Float32Array.of(1), shape: [1] } }
  try {
    await session.run(feeds, ['sample'])
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < RUNS; run++) {
      const start = now()
      await session.run(feeds, ['sample'])
      best = Math.min(best, now() - start)
    }
    // Making the tensor writes it once more.
    return ((2 * PASSES + 1) * floats * 4) / (best * 1e6)
  } finally {
    await session.release()
  }
}

function bandwidthGraph(floats: number): Uint8Array {
  const graph = new OnnxGraph()
  const rows = floats / 1024
  let value = graph.node('Expand', [graph.input('factor', FLOAT, [1]), graph.integers(rows, 1024)])
  for (let pass = 0; pass < PASSES; pass++) value = graph.node('Mul', [value, 'factor'])
  graph.node('Slice', [value, graph.integers(0, 0), graph.integers(1, 1), graph.integers(0, 1)], {
    outputs: ['sample'],
  })
  graph.output('sample', FLOAT, [1, 1])
  return graph.finish()
}
