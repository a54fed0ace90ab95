import { StarlingError } from './errors.ts'

/** What a program opens, it closes: in the reverse order, when the process is told to stop. */
export interface Shutdown {
  /** Aborted as soon as the process is told to stop. */
  readonly signal: AbortSignal
  /** Registers what closes something that was just opened. */
  onClose(closer: () => unknown): void
  /** Stops the program from within. */
  stop(): void
}

/** How long closing may take altogether, in milliseconds. */
const DEADLINE_MS = 10_000

/**
 * Runs a program that opens things and then keeps going until SIGINT, SIGTERM or `stop()`; resolves when everything is
 * closed again. A second signal ends the process at once.
 *
 * Fails with what `open` or a closer threw, or with `SHUTDOWN_TIMEOUT` when closing takes longer than `deadlineMs`.
 */
export async function withShutdown(
  open: (shutdown: Shutdown) => Promise<void>,
  deadlineMs: number = DEADLINE_MS,
): Promise<void> {
  const controller = new AbortController()
  const closers: (() => unknown)[] = []
  const stop = () => {
    // Without a listener the next signal has its default effect: it kills the process.
    process.off('SIGINT', stop).off('SIGTERM', stop)
    controller.abort()
  }
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()))
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const keepAlive = setInterval(() => {}, 2 ** 30)
  try {
    await open({ signal: controller.signal, onClose: (closer) => closers.push(closer), stop })
    await stopped
  } catch (error) {
    // What kept the program from starting matters more than what closing it says.
    await withDeadline(closeAll(closers), deadlineMs).catch(() => {})
    throw error
  } finally {
    stop()
    clearInterval(keepAlive)
  }
  await withDeadline(closeAll(closers), deadlineMs)
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
