import { performance } from 'node:perf_hooks'
import type { Provider } from '../onnx/execution-class.ts'
import { openDeviceRuntime } from './device-runtime.ts'
import type { ProbeReport } from './probe-report.ts'
import { productTime } from './product-time.ts'
import { PROBE_ARCHITECTURE, probeWeights, reportOf, selfTest } from './self-test.ts'

/** The process that tries a provider: a crash or a hang of a driver stays in here. Says one thing and ends. */

// Nobody is left to tell.
process.on('disconnect', () => process.exit(0))

const provider = process.argv[2] as Provider
const options = { threads: 1, maxBatch: 3, now: () => performance.now() }

const report = await tryProvider().catch(
  (error: unknown): ProbeReport => ({
    kind: 'failed',
    reason: reasonOf(error instanceof Error ? error.message : String(error)),
  }),
)
process.send?.(report, undefined, undefined, () => process.exit(0))

async function tryProvider(): Promise<ProbeReport> {
  const weights = probeWeights()
  const device = await openDeviceRuntime(PROBE_ARCHITECTURE, weights, { provider, ...options })
  const cpu = await openDeviceRuntime(PROBE_ARCHITECTURE, weights, { provider: 'cpu', ...options })
  const finding = await selfTest(device, cpu)
  if ('reason' in finding) return reportOf(finding, 0)
  return reportOf(finding, (await productTime('cpu', 1)) / (await productTime(provider, 1)))
}

/** Native errors begin with a place in C++ and the condition that did not hold there, and go on with a trace. */
function reasonOf(text: string): string {
  return text
    .trim()
    .split('\n', 1)[0]!
    .replace(/^\/\S+:\d+ .* was false\. /, '')
}
