import type { BlockHeader, ChainClient, Metagraph, Receipt } from '../../shared/chain/chain-client.ts'
import { commitEpoch } from '../../shared/chain/commit-reveal/epoch-schedule.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { firstFailure, planReveal, planWeights } from '../../shared/chain/weight-rules/plan.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { describeError, StarlingError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import type { PublicationEntry, WeightsIntent } from '../store/entries.ts'
import { createBlockTime } from './block-time.ts'
import { type ChainView, draftWeights, readChainView, weightFacts } from './chain-view.ts'
import { makeIntent } from './make-intent.ts'
import { applyEntry, committedEpoch, NOTHING_PUBLISHED, publishedRound } from './publication-state.ts'
import { close, dueReveals, receiptOf, settleOpen, settlePending } from './reconcile.ts'
import { isDefinite, sendIntent, sendReveal } from './send.ts'

export interface PublisherParts {
  readonly chain: Pick<
    ChainClient,
    | 'info'
    | 'metagraph'
    | 'hyperparameters'
    | 'epochSchedule'
    | 'weights'
    | 'weightCommits'
    | 'setWeights'
    | 'commitWeights'
    | 'revealWeights'
    | 'commitTimelockedWeights'
    | 'writesStopped'
  >
  readonly signer: Signer
  readonly netuid: number
  /** What was recorded before, oldest first. */
  readonly recorded: readonly PublicationEntry[]
  /** Writes an entry down so that it survives a power cut. */
  readonly record: (entry: PublicationEntry) => void
  readonly scores: {
    /** The last settled round; -1 before the first. */
    round(): number
    of(metagraph: Metagraph): Readonly<Record<string, { readonly score: number }>>
  }
  readonly clock: Clock
  /** That many cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly log: Log
}

/** Gets the scores of every settled round on the chain, once. */
export interface Publisher {
  /**
   * Does what is due at a finalized block: finds out what became of what was sent, reveals, and publishes newer scores. Blocks
   * that come while it works are skipped. Rejects with NOT_REGISTERED only; what else fails is logged and tried again.
   */
  see(header: BlockHeader): Promise<void>
  /** From here on nothing is sent or recorded; what is under way is found again from the journal. */
  close(): void
}

/** Looks in a tempo while something is outstanding, and the most blocks between two. */
const LOOKS_PER_TEMPO = 20
const MAX_LOOK_BLOCKS = 20

export function createPublisher(parts: PublisherParts): Publisher {
  const { chain, signer, netuid, scores, clock, log } = parts
  const { marker } = chain.info()
  const blockTime = createBlockTime()
  let state = parts.recorded.reduce((before, entry) => applyEntry(before, entry, marker), NOTHING_PUBLISHED)
  let isClosed = false
  let isWorking = false
  /** Before this block nothing can have changed, unless a round is settled. */
  let nextLook = 0
  let lookedAtRound = -1

  const record = (entry: PublicationEntry) => {
    // Another process may own the folder by now.
    if (isClosed) throw new StarlingError('CHAIN_CLOSED', 'the validator was stopped')
    parts.record(entry)
    state = applyEntry(state, entry, marker)
    if (entry.kind !== 'weights-closed') return
    const { intent, outcome, block, reason } = entry
    const fields = { intent, outcome, block, reason }
    if (outcome === 'revealed') log.info(fields, 'weights revealed')
    else if (outcome === 'superseded') log.info(fields, 'commit superseded')
    else log.error(fields, 'weights not published')
  }

  const isDue = () => scores.round() > publishedRound(state)

  const reveal = async (intent: WeightsIntent, view: ChainView) => {
    const { id } = intent
    const failed = planReveal(weightFacts(view, intent, BigInt(intent.versionKey))).find(
      ({ passed }) => !passed,
    )
    if (failed !== undefined) {
      log.warn({ intent: id, rule: failed.rule, detail: failed.detail }, 'reveal would be refused')
      return
    }
    try {
      const receipt = await sendReveal(chain, signer, netuid, intent)
      record(close(intent, 'revealed', receipt.block.number, `in block ${receipt.block.number}`))
    } catch (error) {
      // It can be revealed once only, so trying again is safe.
      log.warn({ intent: id, error: describeError(error) }, 'reveal failed')
    }
  }

  /** @returns blocks after which it is worth another try */
  const publish = async (view: ChainView): Promise<number | undefined> => {
    const { metagraph, rules, schedule, commits } = view
    if (rules.commitReveal) {
      if (schedule.tempo === 0) {
        log.warn({ netuid }, 'no epochs run, so that commits would never be revealed')
        return undefined
      }
      // One commit an epoch: the next would only make the chain forget this one.
      const own = new Set(state.open.map(({ intent }) => intent.hash))
      const epoch = commitEpoch(schedule)
      const isCommitted = commits.some((commit) => commit.epoch >= epoch && own.has(commit.hash))
      if (isCommitted || committedEpoch(state) >= epoch) return undefined
    }
    const round = scores.round()
    const plan = planWeights(weightFacts(view, draftWeights(view, scores.of(metagraph))))
    const failed = firstFailure(plan)
    if (plan.publication === undefined || failed !== undefined) {
      if (failed === undefined) log.info({ round }, 'nobody has a score yet')
      else if (plan.waitBlocks === 'unknown') {
        log.warn({ round, rule: failed.rule, detail: failed.detail }, 'the chain would refuse these weights')
      }
      return plan.waitBlocks === 'unknown' ? undefined : plan.waitBlocks
    }
    const prepared = makeIntent(plan.publication, view, {
      id: state.nextId,
      chain: marker,
      round,
      hotkey: signer.publicKey,
      random: parts.random,
      nowMs: clock.now(),
      blockMs: blockTime.mean(),
    })
    if (prepared === undefined) return 1
    const { intent } = prepared
    record(intent)
    let receipt: Receipt
    try {
      receipt = await sendIntent(chain, signer, netuid, prepared)
    } catch (error) {
      if (isClosed) return undefined
      if (isDefinite(error)) record(close(intent, 'refused', metagraph.block, describeError(error)))
      else
        log.warn(
          { intent: intent.id, error: describeError(error) },
          'it is not known whether weights were sent',
        )
      return undefined
    }
    // Where the journal can't take it, the next look finds them on the chain.
    record(receiptOf(intent, receipt.block.number))
    const { method, uids, weights } = intent
    log.info(
      { round, method, block: receipt.block.number, uids, weights },
      method === 'plain' ? 'weights set' : 'weights committed',
    )
    return undefined
  }

  const look = async (header: BlockHeader) => {
    const view = await readChainView(chain, netuid, signer.address)
    const { block, tempo } = view.metagraph
    const pause = Math.max(1, Math.min(MAX_LOOK_BLOCKS, Math.floor(tempo / LOOKS_PER_TEMPO)))
    nextLook = Math.max(block, header.number) + pause
    lookedAtRound = scores.round()
    if (state.pending !== undefined) {
      const end = settlePending(state.pending, view)
      if (end !== undefined) record(end)
    }
    for (const end of settleOpen(state, view)) record(end)
    const stopped = chain.writesStopped()
    if (stopped !== undefined) {
      log.warn({ reason: stopped }, 'weights wait until this software may write again')
      return
    }
    for (const intent of dueReveals(state, view)) await reveal(intent, view)
    if (state.pending !== undefined || !isDue() || isClosed) return
    const wait = await publish(view)
    if (wait !== undefined) nextLook = Math.min(nextLook, Math.max(block, header.number) + Math.max(1, wait))
  }

  return {
    async see(header) {
      blockTime.see(header, clock.monotonic())
      if (isWorking || isClosed) return
      const isOutstanding = state.pending !== undefined || state.open.length > 0
      if (!isOutstanding && !isDue()) return
      if (header.number < nextLook && scores.round() === lookedAtRound) return
      isWorking = true
      try {
        await look(header)
      } catch (error) {
        if (isClosed) return
        if (error instanceof StarlingError && error.code === 'NOT_REGISTERED') throw error
        log.warn({ block: header.number, error: describeError(error) }, 'weights could not be looked after')
      } finally {
        isWorking = false
      }
    },
    close() {
      isClosed = true
    },
  }
}
