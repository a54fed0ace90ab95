import type { Architecture } from '../../shared/inference/model/architecture.ts'
import type { Precision } from '../../shared/inference/model/device-graph.ts'
import type { Provider } from '../../shared/inference/onnx/execution-class.ts'
import type { DecodeSpeed } from './speed.ts'

/** One measurement, made in a process of its own: what crashes a driver must not lose what was measured before. */
export type Job = {
  readonly provider: Provider
  readonly threads: number
  readonly tiny: boolean
} & (
  | { readonly kind: 'bandwidth' }
  /** `folder` holds one of our models; random weights of base's shape where there is none. */
  | { readonly kind: 'base'; readonly folder: string | undefined }
  | { readonly kind: 'large'; readonly modelFile: string; readonly precision: Precision }
)

export interface ModelSpeed {
  readonly architecture: Architecture
  readonly prefillTokens: number
  readonly prefillMs: number
  readonly decode: readonly DecodeSpeed[]
  /** Largest difference of a logit from the CPU's, where that was compared. */
  readonly cpuGap: number | undefined
}

export type JobResult =
  | { readonly kind: 'bandwidth'; readonly gigabytesPerSecond: number }
  | ({ readonly kind: 'model' } & ModelSpeed)

export type JobOutcome = JobResult | { readonly kind: 'failed'; readonly reason: string }
