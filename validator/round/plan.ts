import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import { assignRoles } from '../../shared/consensus/roles.ts'
import { type ChallengePlace, challengeId } from '../../shared/proof/challenge-id.ts'
import { lotMessage, promptSeed } from '../../shared/proof/lot.ts'
import type { RoundConfig } from '../config.ts'
import { promptFor } from './prompts.ts'
import type { Participant, PlannedChallenge } from './types.ts'

/**
 * The challenges of a round: as many as it takes until every participant has its gold answers, so that no place in the
 * order decides anything. Ids, roles, prompts and the number of challenges all follow from the round's block and
 * the validator's key.
 * @param vrf the validator's verifiable random function
 */
export function planRound(
  place: Omit<ChallengePlace, 'index'>,
  participants: readonly Participant[],
  vrf: (message: Uint8Array) => VrfResult,
  config: RoundConfig,
): PlannedChallenge[] {
  const byHotkey = new Map(participants.map((participant) => [participant.hotkey, participant]))
  const goldLeft = new Map(participants.map(({ hotkey }) => [hotkey, config.goldPerMiner]))
  const challenges: PlannedChallenge[] = []
  while (goldLeft.size > 0 && challenges.length < config.maxChallenges) {
    const index = challenges.length
    const id = challengeId({ ...place, index })
    const roles = assignRoles(id, participants)
    const lot = vrf(lotMessage(id))
    const { prompt, gold } = promptFor(promptSeed(lot.output), config)
    const answerers = roles.answerers.map((hotkey) => byHotkey.get(hotkey)!)
    // Judges come in the order of their digests, so the cut is by lot, too.
    const judges = roles.rankable ? roles.judges.slice(0, config.maxJudges).map((h) => byHotkey.get(h)!) : []
    challenges.push({ index, id, lot, prompt, gold, answerers, judges })
    if (gold !== undefined) for (const hotkey of roles.answerers) countDown(goldLeft, hotkey)
  }
  return challenges
}

function countDown(left: Map<string, number>, hotkey: string): void {
  const count = left.get(hotkey)
  if (count === undefined) return
  if (count <= 1) left.delete(hotkey)
  else left.set(hotkey, count - 1)
}
