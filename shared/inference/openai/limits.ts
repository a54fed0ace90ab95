import { abortError, deadlineError } from '../engine/errors.ts'

export interface Limits {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from now. */
  readonly deadlineMs?: number | undefined
}

/**
 * Runs work under a signal that is aborted by the caller, by the deadline, or at last when the work is over, so that
 * nothing it started goes on. Rejects with REQUEST_ABORTED or DEADLINE_PASSED.
 */
export async function withLimits<T>(
  { signal, deadlineMs }: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw abortError()
  const own = new AbortController()
  const abort = () => own.abort(abortError())
  signal?.addEventListener('abort', abort)
  const timer =
    deadlineMs === undefined ? undefined : setTimeout(() => own.abort(deadlineError()), deadlineMs)
  try {
    return await work(own.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    own.abort()
  }
}
