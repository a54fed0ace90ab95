/**
 * Lets callers go on one by one, in the order in which they came, each in a turn of the event loop of its own: what arrives meanwhile is
 * looked at in between, and not after all of them.
 * @param next runs a function in a later turn
 */
export function createTurns(next: (go: () => void) => unknown = setImmediate): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(() => new Promise((resolve) => next(resolve)))
    return last
  }
}
