const callbacks = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back once when a signal aborts. All callbacks of a signal share one listener: adding and removing one of the signal's
 * own takes a walk over all others, and a validator's rounds have thousands of requests under way.
 * @param signal that has not aborted yet
 * @returns the function that calls it off
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiting = callbacks.get(signal) ?? listen(signal)
  // Of its own, so that a function given twice is called twice.
  const own = () => callback()
  waiting.add(own)
  return () => {
    waiting.delete(own)
  }
}

function listen(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>()
  callbacks.set(signal, waiting)
  signal.addEventListener('abort', () => {
    for (const callback of waiting) callback()
  })
  return waiting
}
