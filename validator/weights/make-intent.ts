import { blake2b } from '@noble/hashes/blake2.js'
import type { CommitTimelockedWeightsArgs } from '../../shared/chain/chain-client.ts'
import { commitEpoch, firstRevealBlock } from '../../shared/chain/commit-reveal/epoch-schedule.ts'
import { storageIndex, weightsCommitHash } from '../../shared/chain/commit-reveal/hash-commit.ts'
import { revealRound } from '../../shared/chain/commit-reveal/reveal-round.ts'
import { timelockedCommit } from '../../shared/chain/commit-reveal/timelocked-commit.ts'
import type { WeightPlan } from '../../shared/chain/weight-rules/plan.ts'
import { toHex } from '../../shared/proof/hash.ts'
import type { WeightsIntent } from '../store/entries.ts'
import type { ChainView } from './chain-view.ts'

/** Values of a salt; 16 random bytes. */
const SALT_VALUES = 8

export interface IntentParts {
  readonly id: number
  readonly chain: string
  readonly round: number
  /** Public key of the hotkey. */
  readonly hotkey: Uint8Array
  /** That many cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly nowMs: number
  /** Milliseconds a block. */
  readonly blockMs: number | undefined
}

/** An intent, and what a timelocked commit sends, which need not outlive the process. */
export interface Prepared {
  readonly intent: WeightsIntent
  readonly timelocked?: Pick<CommitTimelockedWeightsArgs, 'commit' | 'revealRound' | 'version'>
}

/**
 * Turns a plan into what is written down and then sent. Undefined while a timelocked commit has to wait for the block time
 * to be known: a guess would lock it to a wrong round.
 */
export function makeIntent(
  publication: NonNullable<WeightPlan['publication']>,
  view: Pick<ChainView, 'metagraph' | 'rules' | 'schedule'>,
  parts: IntentParts,
): Prepared | undefined {
  const { kind: method, uids, weights, versionKey } = publication
  const { metagraph, rules, schedule } = view
  const base: Omit<WeightsIntent, 'epoch'> = {
    kind: 'weights-intent',
    id: parts.id,
    chain: parts.chain,
    method,
    round: parts.round,
    block: metagraph.block,
    uids: [...uids],
    weights: [...weights],
    versionKey: String(versionKey),
  }
  if (method === 'plain') return { intent: { ...base, epoch: schedule.epochIndex } }
  const epoch = commitEpoch(schedule)
  const secret = { hotkey: parts.hotkey, uids, weights, versionKey }
  if (method === 'hash-commit') {
    const salt = [...new Uint16Array(parts.random(2 * SALT_VALUES).slice().buffer)]
    const hash = weightsCommitHash({ ...secret, salt, storageIndex: storageIndex(metagraph.netuid, 0) })
    return { intent: { ...base, epoch, salt, hash } }
  }
  if (parts.blockMs === undefined) return undefined
  const blocksUntilReveal = firstRevealBlock(schedule, rules.revealPeriodEpochs) - schedule.block
  const atRound = revealRound({ nowMs: parts.nowMs, blocksUntilReveal, blockMs: parts.blockMs })
  const commit = timelockedCommit({ ...secret, revealRound: atRound, random: parts.random })
  const hash = toHex(blake2b(commit, { dkLen: 32 }))
  return {
    intent: { ...base, epoch, revealRound: atRound, hash },
    timelocked: { commit, revealRound: atRound, version: rules.commitRevealVersion },
  }
}
