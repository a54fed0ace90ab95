import type { EpochSchedule } from '../chain-client.ts'
import { QUICKNET } from './drand.ts'
import { afterEpochs, assertPeriod, nextEpochBlock } from './epoch-schedule.ts'
import { invalid } from './weight-fields.ts'

/** Blocks into the reveal epoch at which the round comes out, so that early blocks cannot bring the reveal forward. */
const SECURITY_BLOCKS = 3

/**
 * The drand round to lock a commit to: out {@link SECURITY_BLOCKS} blocks after the first block of the reveal epoch,
 * rounded down. At least 1. Formula of bittensor-drand's `generate_commit`.
 *
 * Throws `COMMIT_INVALID` for a time, count or block time that is not a finite number, or not positive.
 * @param args.nowMs Unix milliseconds, at the block that `blocksUntilReveal` counts from
 * @param args.blocksUntilReveal `firstRevealBlock` less the current block
 * @param args.blockMs milliseconds a block
 */
export function revealRound(args: { nowMs: number; blocksUntilReveal: number; blockMs: number }): number {
  const { nowMs, blocksUntilReveal, blockMs } = args
  const targetMs = nowMs + (blocksUntilReveal + SECURITY_BLOCKS) * blockMs
  if (!Number.isFinite(targetMs) || blocksUntilReveal < 0 || blockMs <= 0) {
    throw invalid(`no reveal round ${blocksUntilReveal} blocks of ${blockMs} ms after ${nowMs}`)
  }
  return Math.max(1, Math.floor((targetMs - QUICKNET.genesisMs) / QUICKNET.periodMs))
}

/** When the chain takes the reveal of a hash commit. */
export type RevealWindow =
  | {
      /** A reveal in the next block is in time. */
      open: boolean
      expired: false
      /** First block that takes the reveal. */
      fromBlock: number
      /** Last block that takes the reveal. */
      untilBlock: number
    }
  | { open: false; expired: true; fromBlock: undefined; untilBlock: undefined }

/**
 * The blocks of the one epoch in which a hash commit can be revealed: `epoch` + `revealPeriodEpochs`
 * (`is_reveal_block_range`, `is_commit_expired` of subnets/weights.rs), for a reveal in the next block or later.
 * Reveals are extrinsics, so the window begins in the epoch's own block and ends before the next epoch's.
 *
 * Throws `CHAIN_EPOCHS_STOPPED` at tempo 0, `COMMIT_INVALID` for a period that is not a positive integer.
 */
export function hashRevealWindow(
  schedule: EpochSchedule,
  commit: { epoch: number },
  revealPeriodEpochs: number,
): RevealWindow {
  assertPeriod(revealPeriodEpochs)
  const target = commit.epoch + revealPeriodEpochs
  const state = afterEpochs(schedule, target - schedule.epochIndex)
  const next = nextEpochBlock(state)
  const fromBlock = state.lastEpochBlock
  const untilBlock = next - 1
  if (state.epochIndex > target || untilBlock <= schedule.block) {
    return { open: false, expired: true, fromBlock: undefined, untilBlock: undefined }
  }
  return { open: fromBlock <= schedule.block + 1, expired: false, fromBlock, untilBlock }
}
