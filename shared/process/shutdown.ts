import { StarlingError } from './errors.ts'

/** What a program opens, it closes: in the reverse order, when the process is told to stop. */
export interface Shutdown {
  /** Aborted as soon as the process is told to stop. */
  readonly signal: AbortSignal
  /**
   * Registers work that a signal lets finish before anything closes. All such work runs at once, and its own signal aborts when the
   * time for it is over; what it throws is passed on once all is closed.
   */
  onDrain(drain: Drain): void
  /** Registers what closes something that was just opened. */
  onClose(closer: () => unknown): void
  /** Stops the program from within: nothing is drained, as something is wrong. */
  stop(): void
}

type Drain = (signal: AbortSignal) => Promise<void>

/** Milliseconds; what a service manager waits before it kills must be longer than both together. */
export interface ShutdownLimits {
  /** For what is under way when the signal comes. */
  readonly drainMs: number
  /** For closing everything, after that. */
  readonly closeMs: number
}

/** What closing may take; a service manager waits this long, and `--shutdown.seconds` before it. */
export const CLOSE_SECONDS = 10

const LIMITS: ShutdownLimits = { drainMs: 0, closeMs: CLOSE_SECONDS * 1000 }

/**
 * Runs a program that opens things and then keeps going until SIGINT, SIGTERM or `stop()`; resolves when everything is
 * closed again. A second signal ends the process at once.
 *
 * Fails with what `open` or a closer threw, or with `SHUTDOWN_TIMEOUT` when closing takes longer than `closeMs`.
 */
export async function withShutdown(
  open: (shutdown: Shutdown) => Promise<void>,
  limits: Partial<ShutdownLimits> = {},
): Promise<void> {
  const { drainMs, closeMs } = { ...LIMITS, ...limits }
  const controller = new AbortController()
  const closers: (() => unknown)[] = []
  const drains: Drain[] = []
  let isTold = false
  const stop = () => {
    // Without a listener the next signal has its default effect: it kills the process.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    controller.abort()
  }
  const onSignal = () => {
    isTold = true
    stop()
  }
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()))
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const keepAlive = setInterval(() => {}, 2 ** 30)
  try {
    await open({
      signal: controller.signal,
      onDrain: (drain) => drains.push(drain),
      onClose: (closer) => closers.push(closer),
      stop,
    })
    await stopped
    if (isTold) closers.unshift(...(await drainAll(drains, drainMs)))
  } catch (error) {
    // What kept the program from starting matters more than what closing it says.
    await withDeadline(closeAll(closers), closeMs).catch(() => {})
    throw error
  } finally {
    stop()
    clearInterval(keepAlive)
  }
  await withDeadline(closeAll(closers), closeMs)
}

/** @returns what throws the errors of the drains, to be run when all else is closed */
async function drainAll(drains: readonly Drain[], drainMs: number): Promise<(() => never)[]> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), drainMs)
  const ended = new Promise<void>((resolve) => late.signal.addEventListener('abort', () => resolve()))
  try {
    // One that does not listen to its signal is left behind.
    const settled = drains.map((drain) => Promise.race([drain(late.signal), ended]))
    return (await Promise.allSettled(settled)).flatMap((result) =>
      result.status === 'fulfilled' ? [] : [() => raise(result.reason)],
    )
  } finally {
    clearTimeout(timer)
  }
}

function raise(error: unknown): never {
  throw error
}

async function closeAll(closers: (() => unknown)[]): Promise<void> {
  const errors: unknown[] = []
  for (const close of closers.reverse()) {
    try {
      await close()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

async function withDeadline(closing: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StarlingError('SHUTDOWN_TIMEOUT', `closing took longer than ${deadlineMs} ms`))
    }, deadlineMs)
  })
  try {
    await Promise.race([closing, late])
  } finally {
    clearTimeout(timer)
  }
}
