/** Exchanges that were done, in so many milliseconds. */
export interface Ran {
  readonly exchanges: number
  readonly ms: number
  /** Milliseconds of CPU time, of the processes on both sides where both are known. */
  readonly cpuMs: number
  /** Exchanges that the other side refused. */
  readonly failed?: number
}

/** Keeps `width` exchanges under way for `ms` milliseconds; the last ones are waited for, and count. */
export async function keepInFlight(
  width: number,
  ms: number,
  clock: { now(): number; cpuMs(): number },
  exchange: () => Promise<unknown>,
): Promise<Ran> {
  const [began, cpu] = [clock.now(), clock.cpuMs()]
  let exchanges = 0
  const lane = async (): Promise<void> => {
    while (clock.now() - began < ms) {
      await exchange()
      exchanges++
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return { exchanges, ms: clock.now() - began, cpuMs: clock.cpuMs() - cpu }
}
