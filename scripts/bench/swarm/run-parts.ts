import { earlierRun } from '../parts/earlier.ts'
import type { PartsRun } from '../parts/run-parts.ts'
import type { Bar } from '../suite.ts'
import type { SwarmPartResult } from './part.ts'
import { PART_NAMES, type PartName } from './parts.ts'

/** Everything that was measured with one seed; parts may have been measured one by one. */
export interface SwarmResults extends PartsRun<PartName, SwarmPartResult> {
  readonly quick: boolean
  readonly seed: number
}

/**
 * What earlier parts of the same run left.
 * @throws StarlingError BENCH_PARTS where the file holds another run
 */
export function earlierResults(raw: unknown, { quick, seed }: SwarmResults): SwarmResults {
  return earlierRun<SwarmResults>(
    raw,
    (earlier) => earlier.quick === quick && earlier.seed === seed && earlier.parts !== undefined,
    `suite swarm with seed ${seed}${quick ? ' and --quick' : ''}`,
  )
}

/** Every bar that was measured, in the order of the parts. */
export function barsOf({ parts }: SwarmResults): Bar[] {
  return [...PART_NAMES, 'scenario' as const].flatMap((name) => parts[name]?.bars ?? [])
}
