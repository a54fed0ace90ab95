import { StarlingError } from '../../process/errors.ts'
import type { Device } from '../engine.ts'
import { executionClass, type Provider } from '../onnx/execution-class.ts'
import type { ProbeReport, SpawnProbe } from './probe-report.ts'

/** Compiling shaders for the first time takes seconds; a driver that hangs takes forever. */
const PROBE_TIMEOUT_MS = 60_000

/** Keys and values stay on the device with WebGPU, and cross the bus at every step with CUDA. */
const AUTO_ORDER: readonly Provider[] = ['webgpu', 'cuda']

const REMEDIES: Readonly<Record<Provider, string>> = {
  cpu: 'install onnxruntime-node again',
  webgpu:
    "install the Vulkan loader (Debian: libvulkan1) and the graphics card's Vulkan driver, or use --device cpu",
  cuda: 'run ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node --ignore-scripts=false, install CUDA 12 and cuDNN 9, or use --device cpu',
}

/** A provider that was tried and why it is not used. */
export interface Rejection {
  readonly provider: Provider
  readonly reason: string
}

export interface ResolvedDevice {
  readonly device: Provider
  /** As peers are told it, e.g. `webgpu-fp32/ort-1.30.0`. */
  readonly executionClass: string
  readonly reasons: readonly Rejection[]
}

export interface ProbeOptions {
  readonly spawn: SpawnProbe
  readonly log: (message: string, context: Readonly<Record<string, unknown>>) => void
  readonly timeoutMs?: number
}

/**
 * Decides where a model runs. ONNX Runtime falls back to nothing by itself, and some graphs crash or compute wrongly on
 * some devices, so each candidate first passes a self-test against the CPU in a child process. `cpu` costs no test;
 * `auto` takes the first that passes and outruns the CPU, else the CPU.
 * @throws StarlingError DEVICE_UNUSABLE if the device that was asked for by name does not pass
 */
export async function resolveDevice(choice: Device, options: ProbeOptions): Promise<ResolvedDevice> {
  const reasons: Rejection[] = []
  for (const provider of candidates(choice)) {
    const report = await probe(provider, options)
    const reason = rejection(report, choice)
    if (reason === undefined) return { device: provider, executionClass: executionClass(provider), reasons }
    options.log('device excluded', { device: provider, reason })
    reasons.push({ provider, reason })
    if (choice === provider) throw unusable(provider, reason)
  }
  return { device: 'cpu', executionClass: executionClass('cpu'), reasons }
}

/** What to test, best first; the CPU is what remains and needs no test. */
export function candidates(choice: Device): readonly Provider[] {
  if (choice === 'auto') return AUTO_ORDER
  return choice === 'cpu' ? [] : [choice]
}

/** Why a report excludes its provider under this choice; undefined if it does not. */
function rejection(report: ProbeReport, choice: Device): string | undefined {
  if (report.kind === 'failed') return report.reason
  // Asked for by name, a slow device is the operator's own decision.
  if (choice === 'auto' && report.speedup < 1)
    return `its matrix product runs at ${report.speedup.toFixed(2)} of the CPU's speed: a software device?`
  return undefined
}

/** The self-test of one provider; whatever happens to the child becomes a report. */
export function probe(
  provider: Provider,
  { spawn, timeoutMs = PROBE_TIMEOUT_MS }: Pick<ProbeOptions, 'spawn' | 'timeoutMs'>,
): Promise<ProbeReport> {
  return new Promise((resolve) => {
    const settle = (report: ProbeReport) => {
      clearTimeout(timer)
      // Some drivers also hang at exit.
      kill?.()
      resolve(report)
    }
    let kill: (() => void) | undefined
    const timer = setTimeout(
      () => settle({ kind: 'failed', reason: `its self-test hung for ${timeoutMs / 1000} s` }),
      timeoutMs,
    )
    kill = spawn(provider, {
      onReport: settle,
      onExit: (how) => settle({ kind: 'failed', reason: `its self-test ended ${how}` }),
    })
  })
}

function unusable(provider: Provider, reason: string): StarlingError {
  return new StarlingError('DEVICE_UNUSABLE', `can't use device ${provider}: ${reason}`, REMEDIES[provider])
}
