import { StarlingError } from '../errors.ts'

export interface HeadWatchdogOptions {
  /** Seconds without a block after which the process gives up. */
  readonly seconds: number
  readonly headAgeSeconds: () => number
  /** Ends the program in good order. */
  readonly onStuck: (error: StarlingError) => void
  /** Ends the process at once, where good order does not come to an end. */
  readonly exit: () => void
  /** Milliseconds that good order may take. */
  readonly graceMs?: number
  readonly lookMs?: number
}

const LOOK_MS = 5_000
const GRACE_MS = 30_000

/**
 * Ends a program whose chain stands still: a client that has asked every endpoint for so long sees something that only a new
 * process cures. Better an honest exit, and whoever supervises the process starts it anew, than to stand frozen for weeks.
 * @returns what calls it off
 */
export function startHeadWatchdog(options: HeadWatchdogOptions): () => void {
  let grace: NodeJS.Timeout | undefined
  const timer = setInterval(() => {
    const age = options.headAgeSeconds()
    if (age <= options.seconds) return
    clearInterval(timer)
    grace = setTimeout(options.exit, options.graceMs ?? GRACE_MS)
    grace.unref()
    options.onStuck(
      new StarlingError(
        'CHAIN_STALLED',
        `no block for ${Math.round(age)} s, though every endpoint was asked again and again`,
        'look at the endpoints; whoever supervises the process starts it anew',
      ),
    )
  }, options.lookMs ?? LOOK_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    clearTimeout(grace)
  }
}
