import { measureDevnet } from './devnet/measure-devnet.ts'
import type { SwarmPart } from './part.ts'
import { measureAblation } from './real/measure-ablation.ts'
import { measureInjection } from './real/measure-injection.ts'
import { measureMismatch } from './real/measure-mismatch.ts'
import { measureReal } from './real/measure-real.ts'
import { measureCliques } from './simulate/measure-cliques.ts'
import { measureFit } from './simulate/measure-fit.ts'
import { measureLazy } from './simulate/measure-lazy.ts'
import { measureScenario } from './simulate/measure-scenario.ts'
import { measureSharing } from './simulate/measure-sharing.ts'
import { measureTop1 } from './simulate/measure-top1.ts'
import { measureValidators } from './simulate/measure-validators.ts'
import { measureThroughput } from './throughput/measure-throughput.ts'

/** In the order in which they run; each can be run alone. */
const SUITE = {
  fit: measureFit,
  top1: measureTop1,
  cliques: measureCliques,
  sharing: measureSharing,
  lazy: measureLazy,
  validators: measureValidators,
  real: measureReal,
  ablation: measureAblation,
  mismatch: measureMismatch,
  injection: measureInjection,
  throughput: measureThroughput,
  devnet: measureDevnet,
} as const satisfies Readonly<Record<string, SwarmPart>>

/** What `--scenario` runs instead of them. */
export const PARTS = { ...SUITE, scenario: measureScenario } as const satisfies Readonly<
  Record<string, SwarmPart>
>

export type PartName = keyof typeof PARTS

/** Without the scenario's. */
export const PART_NAMES = Object.keys(SUITE) as (keyof typeof SUITE)[]
