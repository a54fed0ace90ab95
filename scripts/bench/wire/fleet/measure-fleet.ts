import { quantile } from '../../devnet/quantile.ts'
import { ASKED } from '../asked.ts'
import type { WirePart } from '../part.ts'
import { startFleet } from './fleet.ts'

const MINER_PROCESSES = 2
/** Milliseconds between two moments in which all are asked: long enough for the last to be done. */
const BETWEEN_BURSTS_MS = 500

/** One validator with as many miners as a subnet has: its memory, and how long a commit takes that needs no inference. */
export const measureFleet: WirePart = async ({ seed, sizes, report }) => {
  const { fleet: count, paceMs, bursts, warmMs } = sizes
  const fleet = await startFleet(seed, count, MINER_PROCESSES)
  try {
    const { order, miners, idleRss } = fleet
    const connected = await order({ do: 'connect', miners })
    // Each is asked once a second.
    const pace = (ms: number) => order({ do: 'pace', exchange: 'commit', perSecond: count, ms })
    await pace(warmMs)
    report(`a fleet of ${count}`, 1, 3)
    const steady = await pace(paceMs)
    report(`a fleet of ${count}`, 2, 3)
    const burst: number[] = []
    const arrived: number[] = []
    const last: number[] = []
    let { maxRss } = steady
    for (let i = 0; i < bursts; i++) {
      const asked = await order({ do: 'burst', exchange: 'commit' })
      burst.push(...asked.latencies)
      arrived.push(...asked.arrivals)
      last.push(Math.max(...asked.latencies))
      maxRss = asked.maxRss
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_BURSTS_MS))
    }
    const megabytes = (bytes: number) => (bytes - idleRss) / 1e6
    const most = ASKED['commit.p99']!.most!
    const p50 = (values: readonly number[]) => quantile(values, 0.5).toFixed(2)
    const small = count === 256 ? '' : `; ${count} miners only`
    return {
      bars: [
        {
          ...{ name: 'rss256', value: megabytes(maxRss), unit: 'MB', floor: ASKED.rss256!.most! },
          note: `at most above an idle process of ${(idleRss / 1e6).toFixed(0)} MB; ${megabytes(connected.maxRss).toFixed(0)} MB once connected${small}`,
        },
        {
          ...{ name: 'commit.p99', value: quantile(steady.latencies, 0.99), unit: 'ms', floor: most },
          note: `p50 ${p50(steady.latencies)} ms, signed and verified, ${count} a second evenly${small}`,
        },
        {
          ...{ name: 'commit.burst.p99', value: quantile(burst, 0.99), unit: 'ms', floor: most },
          note: `p50 ${p50(burst)} ms; all ${count} asked in one moment, the last is verified after ${p50(last)} ms, median of ${bursts}`,
        },
        {
          ...{ name: 'commit.burst.arrival.p99', value: quantile(arrived, 0.99), unit: 'ms' },
          note: `p50 ${p50(arrived)} ms; until a commit of such a moment was there, which is what counts for its miner`,
        },
      ],
      timings: {
        ...{ idleRss, connectedRss: connected.maxRss, maxRss, last },
        steady: {
          ...steady,
          arrivals: [],
          latencies: [0.5, 0.9, 0.99, 1].map((p) => quantile(steady.latencies, p)),
        },
      },
    }
  } finally {
    await fleet.close()
  }
}
