import { describeError, hasCode } from '../../../process/errors.ts'
import type { Log } from '../../../process/logging.ts'
import type { Chain } from './chain.ts'

/** Rest between two blocks at least, in milliseconds, so that a slow machine still answers its clients. */
const LEAST_PAUSE_MS = 5

/**
 * Makes a block every `blockMs` milliseconds, or as soon as the one before is done where that takes longer. A block that
 * the runtime cannot build is logged and tried again; one that cannot be saved ends the chain.
 * Returns the function that stops it, after the block under way.
 */
export function startBlockTimer(
  chain: Chain,
  blockMs: number,
  log: Log,
  onFailure: ((error: unknown) => void) | undefined,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let underWay: Promise<void> = Promise.resolve()

  const produce = async () => {
    const started = performance.now()
    try {
      const block = await chain.produce()
      log.debug({ block: block.number, hash: block.hash, extrinsics: block.extrinsics.length }, 'new block')
    } catch (error) {
      log.error({ error: describeError(error) }, 'no block')
      if (hasCode(error, 'DEVNET_DATABASE_WRITE_FAILED')) {
        stopped = true
        onFailure?.(error)
      }
    }
    if (!stopped) schedule(Math.max(LEAST_PAUSE_MS, blockMs - (performance.now() - started)))
  }
  const schedule = (delay: number) => {
    timer = setTimeout(() => {
      underWay = produce()
    }, delay)
  }
  schedule(blockMs)
  return async () => {
    stopped = true
    clearTimeout(timer)
    await underWay
  }
}
