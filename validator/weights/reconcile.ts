import type { UidWeights, WeightCommit } from '../../shared/chain/chain-client.ts'
import { hashRevealWindow } from '../../shared/chain/commit-reveal/reveal-round.ts'
import { maxUpscale } from '../../shared/chain/weight-rules/chain-numbers.ts'
import type { WeightsClosed, WeightsEntry, WeightsIntent } from '../store/entries.ts'
import type { ChainView } from './chain-view.ts'
import type { PublicationState } from './publication-state.ts'

/**
 * Blocks after an intent in which its transaction may still get into one: 64 of mortality, and some for the time between
 * writing the intent and signing.
 */
export const IN_FLIGHT_BLOCKS = 80

/**
 * How an intent without a receipt ended, as far as the chain shows it; undefined while it may still get into a block. A
 * transaction that left no trace is given up only when no block can take it any more, so that nothing is sent twice.
 */
export function settlePending(
  intent: WeightsIntent,
  view: ChainView,
): WeightsEntry | WeightsClosed | undefined {
  const { block } = view.metagraph
  const included = inclusionBlock(intent, view)
  if (included !== undefined) return receiptOf(intent, included)
  if (block <= intent.block + IN_FLIGHT_BLOCKS) return undefined
  return close(intent, 'lost', block, `in no block up to ${block}`)
}

/** The journal's receipt of an intent whose transaction is in `block`. */
export function receiptOf({ id, round, uids, weights }: WeightsIntent, block: number): WeightsEntry {
  return { kind: 'weights', round, block, uids: [...uids], weights: [...weights], intent: id }
}

export function close(
  { id }: WeightsIntent,
  outcome: WeightsClosed['outcome'],
  block: number,
  reason: string,
): WeightsClosed {
  return { kind: 'weights-closed', intent: id, outcome, block, reason }
}

/** The block of an intent's transaction; undefined where the chain shows no trace of it. */
function inclusionBlock(intent: WeightsIntent, view: ChainView): number | undefined {
  const commit = commitOf(intent, view)
  if (commit !== undefined) return commit.block
  // A hash commit changes nothing else before its reveal, and only this process has what it takes to reveal it.
  const isOnChain = intent.method !== 'hash-commit' && hasWeights(view.onChain, intent)
  return isOnChain && view.self.lastUpdate > intent.block ? view.self.lastUpdate : undefined
}

/** What the journal has to say about commits that are over, one way or another. Newest first. */
export function settleOpen(state: PublicationState, view: ChainView): WeightsClosed[] {
  const closed: WeightsClosed[] = []
  const lastPlain = state.published.findLast(({ method }) => method === 'plain')?.id ?? -1
  let isOverwritten = false
  for (const { intent } of [...state.open].reverse()) {
    const end = endOf(intent, view, isOverwritten || lastPlain > intent.id)
    if (end === undefined) continue
    if (end.outcome === 'revealed') isOverwritten = true
    closed.push(end)
  }
  return closed
}

function endOf(intent: WeightsIntent, view: ChainView, isOverwritten: boolean): WeightsClosed | undefined {
  const { metagraph, rules, schedule } = view
  const { block } = metagraph
  const commit = commitOf(intent, view)
  const revealEpoch = (commit?.epoch ?? intent.epoch) + rules.revealPeriodEpochs
  if (isOverwritten) return close(intent, 'superseded', block, 'later weights are on the chain')
  if (commit === undefined && schedule.epochIndex >= revealEpoch && hasWeights(view.onChain, intent)) {
    return close(intent, 'revealed', block, `weights are on the chain at block ${block}`)
  }
  const isGone = commit === undefined && schedule.epochIndex > revealEpoch
  const isLate = commit !== undefined && isPast(view, commit)
  if (!isGone && !isLate) return undefined
  return close(intent, 'expired', block, `not opened in epoch ${revealEpoch}; now is ${schedule.epochIndex}`)
}

function isPast({ schedule, rules }: ChainView, commit: WeightCommit): boolean {
  if (schedule.tempo === 0) return false
  if (commit.revealRound !== undefined) return schedule.epochIndex > commit.epoch + rules.revealPeriodEpochs
  return hashRevealWindow(schedule, commit, rules.revealPeriodEpochs).expired
}

/** Hash commits to reveal in the next block, oldest first: a reveal makes the chain forget the commits before it. */
export function dueReveals(state: PublicationState, view: ChainView): WeightsIntent[] {
  const { rules, schedule } = view
  if (!rules.commitReveal || schedule.tempo === 0) return []
  return state.open.flatMap(({ intent }) => {
    const commit = intent.method === 'hash-commit' ? commitOf(intent, view) : undefined
    if (commit === undefined) return []
    return hashRevealWindow(schedule, commit, rules.revealPeriodEpochs).open ? [intent] : []
  })
}

function commitOf(intent: WeightsIntent, { commits }: ChainView): WeightCommit | undefined {
  return intent.hash === undefined ? undefined : commits.find(({ hash }) => hash === intent.hash)
}

/** Whether the row on the chain is what the chain makes of these weights. */
function hasWeights(onChain: UidWeights, { uids, weights }: UidWeights): boolean {
  return onChain.uids.join() === uids.join() && onChain.weights.join() === maxUpscale(weights).join()
}
