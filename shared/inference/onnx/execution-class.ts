import { createRequire } from 'node:module'

/**
 * How the numbers come out: provider, precision, runtime and its version. Read from the runtime's package file, so that
 * a process which only talks to an engine need not load the native library.
 */
export function executionClass(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return `cpu-fp32/ort-${version}`
}
