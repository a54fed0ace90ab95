import type { RoundConfig } from '../../../../validator/config.ts'
import { dealRoles } from '../../../../validator/round/deal-roles.ts'
import { drawParticipants } from '../../../../validator/round/participants.ts'
import type { Node } from './nodes.ts'
import { randomOf, seedOf } from './random.ts'

/** One challenge of a simulated round. */
export interface SimulatedChallenge {
  readonly id: Uint8Array
  readonly isGold: boolean
  readonly answerers: readonly Node[]
  readonly judges: readonly Node[]
}

/** What the product knows of hotkeys when it plans a round. */
export interface KnownMiners {
  scoreOf(hotkey: string): number
  isSilenced(hotkey: string): boolean
}

/** The challenges of a round: participants and roles as the product draws them, gold by its share. */
export function planChallenges(
  nodes: readonly Node[],
  { scoreOf, isSilenced }: KnownMiners,
  { seed, round, count }: { readonly seed: number; readonly round: number; readonly count: number },
  config: RoundConfig,
): SimulatedChallenge[] {
  const participants = drawParticipants(nodes, scoreOf, seedOf(seed, 'draw', round), config)
  const random = randomOf(seed, 'gold', round)
  return Array.from({ length: count }, (_, index) => {
    const id = seedOf(seed, 'challenge', round, index)
    return { id, isGold: random() < config.goldShare, ...dealRoles(id, participants, isSilenced, config) }
  })
}
