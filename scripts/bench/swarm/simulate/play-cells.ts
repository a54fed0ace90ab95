import type { SwarmContext } from '../part.ts'
import type { SwarmOutcome } from './play-swarm.ts'
import type { Scenario } from './scenario.ts'
import { playAll } from './workers/play-all.ts'

/**
 * Plays every scenario with every seed: the k-th swarms of all scenarios share their luck as far as they are alike, so that differences between
 * them are differences of strategy.
 * @returns by scenario, then by seed
 */
export async function playCells(
  scenarios: readonly Scenario[],
  seeds: number,
  { seed, threads, report }: Pick<SwarmContext, 'seed' | 'threads' | 'report'>,
  what: string,
): Promise<SwarmOutcome[][]> {
  const jobs = scenarios.flatMap((scenario) =>
    Array.from({ length: seeds }, (_, k) => ({ scenario, seed: seed * 1_000_003 + k })),
  )
  const outcomes = await playAll(jobs, threads, (done) => report(`swarms, ${what}`, done, jobs.length))
  return scenarios.map((_, at) => outcomes.slice(at * seeds, (at + 1) * seeds))
}
