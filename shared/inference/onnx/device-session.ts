import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Provider } from './execution-class.ts'
import type { Values } from './session.ts'

/** A tensor that a run left where it was computed, to be fed to a later run. Release it: no collector sees device memory. */
export interface Kept {
  readonly tensor: Tensor
  release(): void
}

/** A tensor in host memory; 16-bit values are half-precision numbers by their bits. */
export interface HostFeed {
  readonly data: Values | Uint16Array
  readonly shape: readonly number[]
}

export type DeviceFeed = HostFeed | Kept

export interface DeviceRun {
  readonly host: ReadonlyMap<string, Float32Array>
  readonly kept: ReadonlyMap<string, Kept>
}

export interface DeviceSessionOptions {
  readonly provider: Provider
  readonly threads: number
  /** Outputs that stay on the device. */
  readonly keep: readonly string[]
  /** All other outputs of the graph; they come back as float32. */
  readonly bring: readonly string[]
}

/** One graph on one device. `run` blocks the thread until the native call returns. */
export interface DeviceSession {
  run(feeds: Readonly<Record<string, DeviceFeed>>, outputs: readonly string[]): Promise<DeviceRun>
  release(): Promise<void>
}

/**
 * Loads ONNX bytes, or a file that may have external data beside it. Only WebGPU keeps outputs in device memory: the
 * runtime's interface for Node has no other device tensors, so with CUDA and the CPU they are kept in host memory.
 */
export async function openDeviceSession(
  model: Uint8Array | string,
  { provider, threads, keep, bring }: DeviceSessionOptions,
): Promise<DeviceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    // Every output must be listed: one that is not may stay on the device.
    ...(provider === 'webgpu' ? { preferredOutputLocation: locations(keep, bring) } : {}),
  }
  // Two overloads, one value.
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options)
  const kept = new Set(keep)
  return {
    async run(feeds, outputs) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, feed] of Object.entries(feeds))
        tensors[name] = 'tensor' in feed ? feed.tensor : toTensor(feed)
      // Of a part of the outputs, the runtime mixes up which of them were to stay on the device.
      const fetches = provider === 'webgpu' ? session.outputNames : outputs
      const results = await session.run(tensors, [...fetches])
      const host = new Map<string, Float32Array>()
      const left = new Map<string, Kept>()
      for (const name of fetches) {
        const tensor = results[name]!
        if (!outputs.includes(name)) tensor.dispose()
        else if (kept.has(name)) left.set(name, { tensor, release: () => tensor.dispose() })
        else host.set(name, tensor.data as Float32Array)
      }
      return { host, kept: left }
    },
    release: () => session.release(),
  }
}

function locations(keep: readonly string[], bring: readonly string[]) {
  return Object.fromEntries([
    ...keep.map((name) => [name, 'gpu-buffer'] as const),
    ...bring.map((name) => [name, 'cpu'] as const),
  ])
}

function toTensor({ data, shape }: HostFeed): Tensor {
  if (data instanceof Uint16Array) return new Tensor('float16', data, shape)
  if (data instanceof Float32Array) return new Tensor('float32', data, shape)
  if (data instanceof Int32Array) return new Tensor('int32', data, shape)
  return new Tensor('int64', data, shape)
}
