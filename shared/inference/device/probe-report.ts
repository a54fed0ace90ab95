import type { Provider } from '../onnx/execution-class.ts'

/** What a probe's child found out, as it crosses the process boundary. */
export type ProbeReport =
  | {
      readonly kind: 'passed'
      /** Largest absolute difference of a logit from the CPU's. */
      readonly error: number
      /** How many times faster than the CPU one large matrix product is; a software device does not reach 1. */
      readonly speedup: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

export interface ProbeEvents {
  onReport(report: ProbeReport): void
  /** `how` says with what code or on what signal, and the last that it wrote. */
  onExit(how: string): void
}

/** Starts the self-test of a provider in a process of its own; returns what kills it. */
export type SpawnProbe = (provider: Provider, events: ProbeEvents) => () => void
