import { probe } from '../../shared/inference/device/probe.ts'
import type { ProbeReport } from '../../shared/inference/device/probe-report.ts'
import { probeSpawner } from '../../shared/inference/device/spawn-probe.ts'
import type { Precision } from '../../shared/inference/model/device-graph.ts'
import type { Provider } from '../../shared/inference/onnx/execution-class.ts'
import { childEntry } from './entries.ts'
import { floorMs, stepBytes } from './floor.ts'
import type { Job, ModelSpeed } from './job.ts'
import { runJob } from './run-job.ts'
import type { DecodeSpeed } from './speed.ts'

export interface CheckOptions {
  readonly providers: readonly Provider[]
  readonly tiny: boolean
  readonly threads: number
  readonly baseFolder: string | undefined
  /** The large model's ONNX file; not measured where there is none. */
  readonly largeModel: { readonly modelFile: string; readonly precision: Precision } | undefined
  readonly progress: (text: string) => void
}

export interface DecodeResult extends DecodeSpeed {
  /** What reading the weights and the cache takes at the measured bandwidth. */
  readonly floorMs: number
}

export type ModelResult =
  | (Omit<ModelSpeed, 'decode'> & { readonly name: string; readonly decode: readonly DecodeResult[] })
  | { readonly name: string; readonly failed: string }

export interface ProviderResult {
  readonly provider: Provider
  readonly selfTest: ProbeReport
  /** Reads and writes together; undefined where that failed. */
  readonly gigabytesPerSecond: number | undefined
  readonly models: readonly ModelResult[]
}

/** Self-test, bandwidth and speeds of each provider, one after the other. A provider that fails its self-test is not measured. */
export async function check(options: CheckOptions): Promise<ProviderResult[]> {
  const results: ProviderResult[] = []
  for (const provider of options.providers) results.push(await checkProvider(provider, options))
  return results
}

async function checkProvider(
  provider: Provider,
  { tiny, threads, baseFolder, largeModel, progress }: CheckOptions,
): Promise<ProviderResult> {
  progress(`${provider}: self-test`)
  const selfTest = await probe(provider, { spawn: probeSpawner(childEntry('probe-child')) })
  if (selfTest.kind === 'failed') return { provider, selfTest, gigabytesPerSecond: undefined, models: [] }
  const common = { provider, threads, tiny }
  progress(`${provider}: bandwidth`)
  const bandwidth = await runJob({ ...common, kind: 'bandwidth' })
  const gigabytesPerSecond = bandwidth.kind === 'bandwidth' ? bandwidth.gigabytesPerSecond : undefined
  if (bandwidth.kind === 'failed') progress(`${provider}: no bandwidth: ${bandwidth.reason}`)

  const measured = async (name: string, job: Job): Promise<ModelResult> => {
    progress(`${provider}: ${name}`)
    const outcome = await runJob(job)
    if (outcome.kind !== 'model') return { name, failed: outcome.kind === 'failed' ? outcome.reason : '' }
    const { kind: _, decode, ...speed } = outcome
    const precision = job.kind === 'large' ? job.precision : 'fp32'
    const withFloor = decode.map((row) => ({
      ...row,
      floorMs: floorMs(
        stepBytes(speed.architecture, precision, row.batch, row.length),
        gigabytesPerSecond ?? Number.NaN,
      ),
    }))
    return { name, ...speed, decode: withFloor }
  }
  const models = [await measured('base fp32', { ...common, kind: 'base', folder: baseFolder })]
  if (largeModel !== undefined)
    models.push(await measured(`large ${largeModel.precision}`, { ...common, kind: 'large', ...largeModel }))
  return { provider, selfTest, gigabytesPerSecond, models }
}
