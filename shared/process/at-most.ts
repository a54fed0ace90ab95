/**
 * Lets at most `limit` pieces of work be under way, whoever brings them; the rest wait, first come first served.
 * @returns what runs a piece of work, and comes to what it comes to
 */
export function atMost(limit: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // Whoever waits takes this place over.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
