import { InferenceSession, Tensor } from 'onnxruntime-node'

export type Values = Float32Array | BigInt64Array | Int32Array
export interface Feed {
  readonly data: Values
  readonly shape: readonly number[]
}

/** One loaded graph. `run` blocks the thread until the native call returns. */
export interface Session {
  /** Runs the graph and returns the named outputs, freshly allocated. */
  run(feeds: Readonly<Record<string, Feed>>, outputs: readonly string[]): Promise<Map<string, Float32Array>>
  release(): Promise<void>
}

/**
 * Loads ONNX bytes on the CPU. Threads spin while they wait only where the process is told that it has the cores to
 * itself: where several engines and a chain share them, spinning costs others several times what it gains.
 */
export async function openSession(model: Uint8Array, threads: number, dedicated = false): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: dedicated ? '1' : '0' } } },
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
