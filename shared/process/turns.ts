/**
 * Lets callers go on in the order in which they came, a few in each turn of the event loop: what arrives meanwhile is looked at in
 * between, and not after all of them.
 * @param each callers that go on in one turn
 * @param next runs a function in a later turn
 */
export function createTurns(
  each: number,
  next: (go: () => void) => unknown = setImmediate,
): () => Promise<void> {
  const waiting: (() => void)[] = []
  const go = (): void => {
    for (const goOn of waiting.splice(0, each)) goOn()
    if (waiting.length > 0) next(go)
  }
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) next(go)
    })
}
