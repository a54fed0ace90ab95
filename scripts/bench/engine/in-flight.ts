/**
 * Keeps `count` tasks running: as one settles the next begins. `next` returns undefined when there are no more.
 * Rejects with the first failure.
 */
export async function keepInFlight(count: number, next: () => Promise<unknown> | undefined): Promise<void> {
  const worker = async () => {
    for (let task = next(); task !== undefined; task = next()) await task
  }
  await Promise.all(Array.from({ length: count }, worker))
}
