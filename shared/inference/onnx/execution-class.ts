import { createRequire } from 'node:module'
import type { Device } from '../engine.ts'

/** What a graph can run on: a device choice once it is made. */
export type Provider = Exclude<Device, 'auto'>

/**
 * How the numbers come out: provider, precision, runtime and its version. Read from the runtime's package file, so that
 * a process which only talks to an engine need not load the native library.
 */
export function executionClass(provider: Provider = 'cpu', precision = 'fp32'): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return `${provider}-${precision}/ort-${version}`
}
