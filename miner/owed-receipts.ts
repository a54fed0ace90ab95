import type { Clock } from '../shared/process/clock.ts'
import type { Handler } from './handler.ts'

/** How long after a reveal its receipt is expected: audit and judging come between. A validator that gives its round up sends none. */
const EXPECTED_MS = 60_000

/** Which validators owe this miner a receipt. */
export interface OwedReceipts {
  /** The handler, watched for reveals and receipts. */
  watch(handle: Handler): Handler
  /** Validators that had something revealed lately, and sent no receipt since. */
  count(): number
}

export function createOwedReceipts(clock: Clock): OwedReceipts {
  const revealedAt = new Map<string, number>()
  return {
    watch: (handle) => async (request, context) => {
      const reply = await handle(request, context)
      if (reply.type === 'reveal' || reply.type === 'verdict') revealedAt.set(context.peer, clock.monotonic())
      if (request.type === 'receipt') revealedAt.delete(context.peer)
      return reply
    },
    count: () => [...revealedAt.values()].filter((at) => clock.monotonic() - at < EXPECTED_MS).length,
  }
}
