import type { Metagraph } from '../../shared/chain/chain-client.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import type { ScoreContext } from '../scoring/score-parts.ts'

/**
 * What scoring must know of the subnet now: who owns which hotkey, and which models this validator can verify.
 * @param registry hashes of those models
 */
export function scoreContext(
  metagraph: Metagraph,
  registry: readonly string[],
  config: ScoringConfig,
): ScoreContext {
  return {
    coldkeyOf: Object.fromEntries(metagraph.neurons.map(({ hotkey, coldkey }) => [hotkey, coldkey])),
    registry,
    config,
  }
}
