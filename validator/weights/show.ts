import type { ChainClient } from '../../shared/chain/chain-client.ts'
import { roundTimeMs } from '../../shared/chain/commit-reveal/drand.ts'
import { hashRevealWindow } from '../../shared/chain/commit-reveal/reveal-round.ts'
import type { PublicationEntry } from '../store/entries.ts'
import { readChainView } from './chain-view.ts'

/** What the chain holds of a validator's weights. */
export interface Shown {
  readonly netuid: number
  readonly hotkey: string
  readonly uid: number
  readonly block: number
  readonly lastUpdate: number
  readonly uids: readonly number[]
  readonly weights: readonly number[]
  readonly commits: readonly {
    readonly hash: string
    readonly block: number
    readonly epoch: number
    /** Round whose weights it hides; undefined when this journal does not know it, and so cannot reveal it. */
    readonly round: number | undefined
    /** When it is opened, in words. */
    readonly opens: string
  }[]
}

/** @throws StarlingError NOT_REGISTERED, CHAIN_… */
export async function showWeights(
  chain: Pick<ChainClient, 'metagraph' | 'hyperparameters' | 'epochSchedule' | 'weights' | 'weightCommits'>,
  netuid: number,
  hotkey: string,
  recorded: readonly PublicationEntry[],
): Promise<Shown> {
  const { metagraph, self, onChain, commits, schedule, rules } = await readChainView(chain, netuid, hotkey)
  const roundOf = (hash: string) => {
    const intent = recorded.find((entry) => entry.kind === 'weights-intent' && entry.hash === hash)
    return intent?.kind === 'weights-intent' ? intent.round : undefined
  }
  const opens = (commit: (typeof commits)[number]) => {
    if (commit.revealRound !== undefined)
      return `with drand round ${commit.revealRound}, ${timeOf(commit.revealRound)}`
    if (schedule.tempo === 0) return 'not while no epochs run'
    const window = hashRevealWindow(schedule, commit, rules.revealPeriodEpochs)
    return window.expired
      ? 'never: expired'
      : `by a reveal in blocks ${window.fromBlock} to ${window.untilBlock}`
  }
  return {
    ...{ netuid, hotkey, uid: self.uid, block: metagraph.block, lastUpdate: self.lastUpdate, ...onChain },
    commits: commits.map((commit) => {
      const { hash, block, epoch } = commit
      return { hash, block, epoch, round: roundOf(hash), opens: opens(commit) }
    }),
  }
}

function timeOf(round: number): string {
  const time = new Date(roundTimeMs(round))
  return Number.isNaN(time.getTime()) ? 'which no calendar has' : `out at ${time.toISOString()}`
}

/** The same for a terminal. */
export function renderShown({
  netuid,
  hotkey,
  uid,
  block,
  lastUpdate,
  uids,
  weights,
  commits,
}: Shown): string {
  return [
    `subnet ${netuid}, hotkey ${hotkey}, uid ${uid}, block ${block}, last update at block ${lastUpdate}`,
    `weights on the chain: ${uids.length === 0 ? 'none' : uids.map((target, i) => `${target}: ${weights[i]}`).join(', ')}`,
    ...(commits.length === 0 ? ['commits: none'] : []),
    ...commits.map(({ hash, block: made, epoch, round, opens }) => {
      const known = round === undefined ? 'not in this journal' : `round ${round}`
      return `commit ${hash} (${known}) in block ${made}, epoch ${epoch}; opens ${opens}`
    }),
  ].join('\n')
}
