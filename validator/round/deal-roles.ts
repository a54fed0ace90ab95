import { assignRoles, MIN_ANSWERERS, MIN_JUDGES } from '../../shared/consensus/roles.ts'
import type { RoundConfig } from '../config.ts'
import type { Participant } from './types.ts'

/**
 * Who answers a challenge and who judges it. Nobody judges a field in which a hotkey of its own coldkey answers. A silenced judge is asked,
 * for only judging ends its silence, but takes no seat of those that count: else liars would thin out who is heard.
 * @param isSilenced whether what a judge says counts for nothing, by the book before the round
 * @returns both in the order of their digests, so that no order of the participants decides anything
 */
export function dealRoles<M extends Pick<Participant, 'hotkey' | 'publicKey' | 'coldkey'>>(
  id: Uint8Array,
  participants: readonly M[],
  isSilenced: (hotkey: string) => boolean,
  { maxJudges }: Pick<RoundConfig, 'maxJudges'>,
): { readonly answerers: M[]; readonly judges: M[] } {
  const byHotkey = new Map(participants.map((participant) => [participant.hotkey, participant]))
  const roles = assignRoles(id, participants)
  const answerers = roles.answerers.map((hotkey) => byHotkey.get(hotkey)!)
  const owners = new Set(answerers.map(({ coldkey }) => coldkey))
  const free = roles.judges.flatMap((hotkey) => {
    const judge = byHotkey.get(hotkey)!
    return owners.has(judge.coldkey) ? [] : [judge]
  })
  const rankable = answerers.length >= MIN_ANSWERERS && free.length >= MIN_JUDGES
  return { answerers, judges: rankable ? seated(free, isSilenced, maxJudges) : [] }
}

/** The first judges, until as many of them count as there are seats. */
function seated<M extends Pick<Participant, 'hotkey'>>(
  judges: readonly M[],
  isSilenced: (hotkey: string) => boolean,
  seats: number,
): M[] {
  let taken = 0
  return judges.filter(({ hotkey }) => {
    if (taken >= seats) return false
    if (!isSilenced(hotkey)) taken++
    return true
  })
}
