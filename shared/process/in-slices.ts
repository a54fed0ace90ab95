import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds of work on end: what a ping waits for at most, but for one piece of the work. */
const SLICE_MS = 25

/**
 * Maps a long list on the main thread, and lets sockets and timers have their turn in between: what takes seconds on end costs a
 * validator its sessions.
 * @param now milliseconds from any fixed moment
 */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result,
  now: () => number = () => performance.now(),
): Promise<Result[]> {
  const results: Result[] = []
  let since = now()
  for (const item of items) {
    results.push(map(item))
    if (now() - since < SLICE_MS) continue
    await nextTurn()
    since = now()
  }
  return results
}
