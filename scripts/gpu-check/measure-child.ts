import { performance } from 'node:perf_hooks'
import { createDeviceRuntime, openDeviceRuntime } from '../../shared/inference/device/device-runtime.ts'
import type { Architecture } from '../../shared/inference/model/architecture.ts'
import { loadModel } from '../../shared/inference/model/folder.ts'
import { initialWeights } from '../../shared/inference/model/initialize.ts'
import type { Runtime } from '../../shared/inference/runtime.ts'
import { measureBandwidth } from './bandwidth.ts'
import type { Job, JobOutcome, ModelSpeed } from './job.ts'
import { BATCHES, FULL_SIZES, type Sizes, TINY_SIZES } from './shapes.ts'
import { largestGap, measureDecode, measurePrefill } from './speed.ts'

// Nobody is left to tell.
process.on('disconnect', () => process.exit(0))

const now = () => performance.now()
const maxBatch = Math.max(...BATCHES)

const job = JSON.parse(process.argv[2] ?? '{}') as Job
const outcome = await measure(job, job.tiny ? TINY_SIZES : FULL_SIZES).catch(
  (error: unknown): JobOutcome => ({
    kind: 'failed',
    reason: error instanceof Error ? error.message : String(error),
  }),
)
process.send?.(outcome, undefined, undefined, () => process.exit(0))

async function measure(job: Job, sizes: Sizes): Promise<JobOutcome> {
  const { provider, threads } = job
  switch (job.kind) {
    case 'bandwidth': {
      const gigabytesPerSecond = await measureBandwidth(provider, sizes.bandwidthFloats, threads, now)
      return { kind: 'bandwidth', gigabytesPerSecond }
    }
    case 'base': {
      const { architecture, weights } = await baseModel(job.folder, sizes)
      const options = { threads, maxBatch, now }
      const runtime = await openDeviceRuntime(architecture, weights, { provider, ...options })
      const speed = await measureModel(runtime, architecture, sizes)
      const cpu = await openDeviceRuntime(architecture, weights, { provider: 'cpu', ...options })
      return { kind: 'model', ...speed, cpuGap: await largestGap(cpu, runtime, sizes.promptTokens) }
    }
    case 'large': {
      const { large: architecture } = sizes
      const runtime = await createDeviceRuntime({
        architecture,
        precision: job.precision,
        model: job.modelFile,
        provider,
        threads,
        maxBatch,
        now,
      })
      return { kind: 'model', ...(await measureModel(runtime, architecture, sizes)), cpuGap: undefined }
    }
  }
}

async function baseModel(folder: string | undefined, { base }: Sizes) {
  if (folder === undefined) return { architecture: base, weights: initialWeights(base, 1) }
  const { manifest, weights } = await loadModel(folder)
  return { architecture: manifest.architecture, weights }
}

async function measureModel(
  runtime: Runtime,
  architecture: Architecture,
  sizes: Sizes,
): Promise<Omit<ModelSpeed, 'cpuGap'>> {
  const prefillTokens = Math.min(sizes.prefillTokens, runtime.shape.contextLength)
  const prefillMs = await measurePrefill(runtime, prefillTokens, now)
  const decode = []
  for (const batch of BATCHES) decode.push(await measureDecode(runtime, batch, { ...sizes, now }))
  return { architecture, prefillTokens, prefillMs, decode }
}
