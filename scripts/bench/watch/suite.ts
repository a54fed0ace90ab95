import type { Bar, Suite } from '../suite.ts'
import { median, timeRuns } from '../timing.ts'
import { fullWatch } from './full-watch.ts'

/** What watching costs: a scrape and the status of a full subnet, and what is counted of every frame and request. */
export const watchSuite: Suite = {
  async run({ quick, now }, report) {
    const watch = await fullWatch()
    const rounds = quick ? 20 : 200
    const calls = quick ? 100_000 : 1_000_000
    const { text } = await watch.metrics.scrape()

    report('scrapes', 0, 1)
    const scrapes = await timeRuns(rounds, now, () => watch.metrics.scrape())
    const statuses = await timeRuns(rounds, now, () => JSON.stringify(watch.status()))
    report('frames', 0, 1)
    const frame = perCall(calls, now, () => watch.events.onFrame('in', 'commit', 4096))
    const asked = { type: 'challenge', result: 'answered', seconds: 1 } as const
    const request = perCall(calls, now, () => watch.events.onAsked(asked))

    const bars: Bar[] = [
      {
        name: 'scrape.ms',
        value: median(scrapes),
        unit: 'ms',
        note: 'median; 256 uids, every series has values',
      },
      { name: 'scrape.bytes', value: Buffer.byteLength(text), unit: 'bytes' },
      { name: 'status.ms', value: median(statuses), unit: 'ms', note: 'median; /status.json of 256 miners' },
      { name: 'frame.us', value: frame, unit: 'µs', note: 'what counting adds to one frame' },
      { name: 'request.us', value: request, unit: 'µs', note: 'what timing adds to one request' },
    ]
    return { raw: { scrapes, statuses, frame, request }, bars }
  },
}

/** Microseconds of one call. */
function perCall(calls: number, now: () => number, work: () => void): number {
  for (let i = 0; i < calls / 10; i++) work()
  const from = now()
  for (let i = 0; i < calls; i++) work()
  return (1000 * (now() - from)) / calls
}
