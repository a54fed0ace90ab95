import { InferenceSession, Tensor } from 'onnxruntime-node'

export type Values = Float32Array | BigInt64Array | Int32Array
export interface Feed {
  readonly data: Values
  readonly shape: readonly number[]
}

/** ONNX Runtime’s levels of rewriting a graph, each with those before it. */
export type Optimization = 'disabled' | 'basic' | 'extended' | 'all'

/** One loaded graph. `run` blocks the thread until the native call returns. */
export interface Session {
  /** Runs the graph and returns the named outputs, freshly allocated. */
  run(feeds: Readonly<Record<string, Feed>>, outputs: readonly string[]): Promise<Map<string, Float32Array>>
  release(): Promise<void>
}

/**
 * How long threads spin for more work, in µs: longer than what lies between two runs of a decode step. Where two graphs
 * take turns, threads of the one that still spin take cores from the other: by ONNX Runtime's own measure, which is about
 * a second, mixed prompts and answers got half as many tokens a second.
 */
const SPINNING = { allow_spinning: '1', spin_duration_us: '300' }
const BLOCKING = { allow_spinning: '0' }

/**
 * Loads ONNX bytes on the CPU. Threads spin while they wait only where the process is told that it has the cores to
 * itself: where several engines and a chain share them, spinning costs others several times what it gains.
 * @param optimization how far the graph may be rewritten first; less than all is for measuring what that changes
 */
export async function openSession(
  model: Uint8Array,
  threads: number,
  dedicated = false,
  optimization: Optimization = 'all',
): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: optimization,
    logSeverityLevel: 3,
    extra: { session: { intra_op: dedicated ? SPINNING : BLOCKING } },
  })
  return {
    async run(feeds, outputs) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, feed] of Object.entries(feeds)) tensors[name] = tensorOf(feed)
      const results = await session.run(tensors, [...outputs])
      return new Map(outputs.map((name) => [name, results[name]!.data as Float32Array]))
    },
    release: () => session.release(),
  }
}

function tensorOf({ data, shape }: Feed): Tensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, shape)
  if (data instanceof Int32Array) return new Tensor('int32', data, shape)
  return new Tensor('int64', data, shape)
}
