/** Milliseconds of each run. */
export type Timings = readonly number[]

const LEAST_RUNS = 5
/** More say no more about a median, and fill the report. */
const MOST_RUNS = 500

/** Times runs one by one, after one that does not count, for `leastMs`: at least 5, at most 500 times. */
export async function timeFor(leastMs: number, now: () => number, run: () => unknown): Promise<Timings> {
  return timeWhile(
    (runs, start) => runs < LEAST_RUNS || (runs < MOST_RUNS && now() - start < leastMs),
    now,
    run,
  )
}

/** Times a number of runs, after one that does not count. */
export async function timeRuns(count: number, now: () => number, run: () => unknown): Promise<Timings> {
  return timeWhile((runs) => runs < count, now, run)
}

async function timeWhile(
  goesOn: (runs: number, start: number) => boolean,
  now: () => number,
  run: () => unknown,
): Promise<Timings> {
  await run()
  const timings: number[] = []
  const start = now()
  while (goesOn(timings.length, start)) {
    const began = now()
    await run()
    timings.push(now() - began)
  }
  return timings
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** What a median duration in milliseconds makes a second. */
export function perSecond(timings: Timings): number {
  return 1_000 / median(timings)
}
