import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import { type ChallengePlace, challengeId } from '../../shared/proof/challenge-id.ts'
import { lotMessage, promptSeed } from '../../shared/proof/lot.ts'
import type { RoundConfig } from '../config.ts'
import { dealRoles } from './deal-roles.ts'
import { familyDraws } from './difficulty.ts'
import type { Past } from './past.ts'
import { promptFor, promptKey } from './prompts.ts'
import type { Participant, PlannedChallenge } from './types.ts'

/**
 * The challenges of a round. Ids, roles, prompts and the number of challenges all follow from the round's block, the validator's key
 * and its book.
 *
 * There are as many as it takes until every participant has the answers among which its gold is all but sure to be. That number
 * follows from the roles, which anybody can compute, and not from what is gold: a round that ended with the last gold answer that was due
 * would end with a gold challenge. Whoever is unlucky all the same makes the round longer by a whole step.
 * @param vrf the validator's verifiable random function
 */
export function planRound(
  place: Omit<ChallengePlace, 'index'>,
  participants: readonly Participant[],
  vrf: (message: Uint8Array) => VrfResult,
  config: RoundConfig,
  past: Past,
): PlannedChallenge[] {
  const draws = familyDraws(past.abilityOf, config)
  const asked = new Set(past.asked)
  const tallies = new Map(participants.map(({ hotkey }) => [hotkey, { answers: 0, gold: 0 }]))
  const isShort = (of: 'answers' | 'gold', wanted: number) =>
    [...tallies.values()].some((tally) => tally[of] < wanted)
  const isAsked = (prompt: string) => asked.has(promptKey(prompt))
  const challenges: PlannedChallenge[] = []
  for (let wanted = answersWanted(config); ; wanted += config.goldPerMiner) {
    while (isShort('answers', wanted) && challenges.length < config.maxChallenges) {
      const index = challenges.length
      const id = challengeId({ ...place, index })
      const lot = vrf(lotMessage(id))
      const { prompt, task, gold } = promptFor(promptSeed(lot.output), config, draws, isAsked)
      asked.add(promptKey(prompt))
      const { answerers, judges } = dealRoles(id, participants, past.isSilenced, config)
      challenges.push({ index, id, lot, prompt, task, gold, answerers, judges })
      for (const { hotkey } of answerers) {
        const tally = tallies.get(hotkey)!
        tally.answers++
        if (gold !== undefined) tally.gold++
      }
    }
    if (challenges.length >= config.maxChallenges || !isShort('gold', config.goldPerMiner)) return challenges
  }
}

/** Chance that a miner with `answersWanted` has less gold than it should: then the round grows, and its length says a little. */
const SHORT_OF_GOLD = 0.01

/** The fewest answers among which `goldPerMiner` are gold in all but one of a hundred cases. */
export function answersWanted({
  goldPerMiner,
  goldShare,
  maxChallenges,
}: Pick<RoundConfig, 'goldPerMiner' | 'goldShare' | 'maxChallenges'>): number {
  // Chances of 0, 1, … goldPerMiner − 1 gold answers so far.
  let short = [1, ...Array<number>(goldPerMiner - 1).fill(0)]
  for (let answers = 0; answers < maxChallenges; answers++) {
    if (short.reduce((sum, chance) => sum + chance, 0) <= SHORT_OF_GOLD) return answers
    short = short.map((chance, gold) => chance * (1 - goldShare) + (short[gold - 1] ?? 0) * goldShare)
  }
  return maxChallenges
}
