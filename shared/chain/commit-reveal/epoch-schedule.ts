import { StarlingError } from '../../process/errors.ts'
import type { EpochSchedule } from '../chain-client.ts'
import { invalid } from './weight-fields.ts'

/** `MAX_TEMPO` of the pallet: an epoch that is overdue by this much runs whatever the tempo says. */
const MAX_TEMPO = 50_400

/**
 * The block whose `run_coinbase` runs the subnet's next epoch, never before the block after the schedule's: the earliest
 * of `tempo` blocks after the last epoch, the epoch that the owner asked for, and the safety net after 50,400 blocks
 * without a step (`should_run_epoch` of coinbase/run_coinbase.rs). What cannot be foreseen is left out: more epochs due
 * in one block than the chain allows, which defers some by a block, and later changes of the tempo.
 *
 * Throws `CHAIN_EPOCHS_STOPPED` at tempo 0.
 */
export function nextEpochBlock(schedule: EpochSchedule): number {
  const { block, tempo, lastEpochBlock, pendingEpochAt, blocksSinceLastStep } = schedule
  assertRunning(tempo)
  const asked = pendingEpochAt > 0 ? pendingEpochAt : Number.POSITIVE_INFINITY
  // run_coinbase counts the block before it asks, so the count passes MAX_TEMPO in this block.
  const overdue = block + MAX_TEMPO + 1 - blocksSinceLastStep
  return Math.max(block + 1, Math.min(lastEpochBlock + tempo, asked, overdue))
}

/**
 * Index of the epoch that a commit in the next block belongs to. Extrinsics run after `run_coinbase`, so a commit in an
 * epoch's own block belongs to the epoch that has just begun. Throws `CHAIN_EPOCHS_STOPPED` at tempo 0.
 */
export function commitEpoch(schedule: EpochSchedule): number {
  return schedule.epochIndex + (nextEpochBlock(schedule) === schedule.block + 1 ? 1 : 0)
}

/**
 * The first block in which the chain opens a timelocked commit that lands in the next block. It does so at the start of
 * a block, before `run_coinbase`, and counts an epoch that is due in this block as begun
 * (`current_epoch_with_lookahead`); it tries again in each block of that epoch while drand's round is missing.
 *
 * Throws `CHAIN_EPOCHS_STOPPED` at tempo 0, `COMMIT_INVALID` for a period that is not a positive integer.
 */
export function firstRevealBlock(schedule: EpochSchedule, revealPeriodEpochs: number): number {
  assertPeriod(revealPeriodEpochs)
  const target = commitEpoch(schedule) + revealPeriodEpochs
  const state = afterEpochs(schedule, target - 1 - schedule.epochIndex)
  const block = nextEpochBlock(state)
  return seenBefore(state, block) ? block : block + 1
}

/** The schedule right after `count` more epochs. Throws `CHAIN_EPOCHS_STOPPED` at tempo 0. */
export function afterEpochs(schedule: EpochSchedule, count: number): EpochSchedule {
  if (count <= 0) return schedule
  // After the first, epochs are evenly spaced.
  const stride = Math.min(schedule.tempo, MAX_TEMPO + 1)
  const block = nextEpochBlock(schedule) + (count - 1) * stride
  return {
    ...schedule,
    block,
    lastEpochBlock: block,
    pendingEpochAt: 0,
    epochIndex: schedule.epochIndex + count,
    blocksSinceLastStep: 0,
  }
}

/** Throws `COMMIT_INVALID` for a reveal period that no chain has. */
export function assertPeriod(revealPeriodEpochs: number): void {
  if (Number.isSafeInteger(revealPeriodEpochs) && revealPeriodEpochs >= 1) return
  throw invalid(`a reveal period of ${revealPeriodEpochs} epochs`)
}

/** Whether reveals, which run before `run_coinbase`, already see that its epoch is due: one block late for the safety net. */
function seenBefore(schedule: EpochSchedule, epochBlock: number): boolean {
  const { block, tempo, lastEpochBlock, pendingEpochAt, blocksSinceLastStep } = schedule
  if (pendingEpochAt > 0 && epochBlock >= pendingEpochAt) return true
  if (epochBlock - lastEpochBlock >= tempo) return true
  return blocksSinceLastStep + (epochBlock - 1 - block) > MAX_TEMPO
}

function assertRunning(tempo: number): void {
  if (tempo > 0) return
  throw new StarlingError(
    'CHAIN_EPOCHS_STOPPED',
    'the subnet’s tempo is 0: it runs no epochs, so commits are never revealed',
    'let the subnet’s owner set a tempo',
  )
}
