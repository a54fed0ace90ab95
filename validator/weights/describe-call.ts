import { toHex } from '../../shared/proof/hash.ts'
import type { Prepared } from './make-intent.ts'

/** A call as the chain names it. */
export interface CallDescription {
  readonly pallet: string
  readonly name: string
  /** In the call's order; bigints as decimal text. */
  readonly args: Readonly<Record<string, number | string | readonly number[]>>
}

/** The call that publishes an intent, with the runtime's names for pallet, call and arguments. */
export function describeCall(netuid: number, { intent, timelocked }: Prepared): CallDescription {
  const pallet = 'SubtensorModule'
  if (timelocked !== undefined) {
    const { commit, revealRound, version } = timelocked
    const args = { netuid, commit: toHex(commit), reveal_round: revealRound, commit_reveal_version: version }
    return { pallet, name: 'commit_timelocked_weights', args }
  }
  if (intent.method === 'hash-commit') {
    return { pallet, name: 'commit_weights', args: { netuid, commit_hash: intent.hash! } }
  }
  const { uids, weights, versionKey } = intent
  return { pallet, name: 'set_weights', args: { netuid, dests: uids, weights, version_key: versionKey } }
}
