import type { Log } from '../shared/process/logging.ts'
import type { Pending } from './pending.ts'

export interface DrainParts {
  /** Answers and verdicts that were promised, and not yet asked for. */
  readonly pending: readonly Pick<Pending<unknown>, 'unopened' | 'stop'>[]
  /** Validators whose receipt for what was revealed is still to come. */
  readonly owed: () => number
  /** Validators that are connected now. */
  readonly connections: () => number
  /** Comes back after a moment, or as soon as the signal aborts. */
  readonly pause: (signal: AbortSignal) => Promise<void>
  readonly log: Log
}

/**
 * Lets a miner leave without breaking its word: new challenges are refused as BUSY, which costs nothing, and what was committed to
 * is still revealed. Ends when all is revealed and the receipts for it are here, when nobody is connected who could ask, or when the signal aborts.
 */
export async function drainMiner(
  { pending, owed, connections, pause, log }: DrainParts,
  signal: AbortSignal,
): Promise<void> {
  for (const kept of pending) kept.stop()
  const left = () => pending.reduce((sum, { unopened }) => sum + unopened, 0)
  if (left() > 0)
    log.info({ commits: left() }, 'stopping: no new challenges, and reveals of what was committed')
  const isDone = () => left() === 0 && owed() === 0
  while (!isDone() && connections() > 0 && !signal.aborted) await pause(signal)
  if (left() > 0) log.warn({ commits: left() }, 'commits that stay unrevealed')
}
