import { playSwarm, type SwarmOutcome } from '../play-swarm.ts'
import { loadScorer } from '../scorer.ts'
import type { Job } from './messages.ts'

/** Plays one swarm, with the scorer that its scenario names. */
export async function runJob({ scenario, seed }: Job): Promise<SwarmOutcome> {
  return playSwarm(scenario, seed, await loadScorer(scenario.scorer))
}
