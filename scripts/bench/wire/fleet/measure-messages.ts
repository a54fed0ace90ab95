import { quantile } from '../../devnet/quantile.ts'
import type { Bar } from '../../suite.ts'
import type { WirePart } from '../part.ts'
import { IN_FLIGHT } from '../race/open.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { EXCHANGES, type Exchange } from './messages.ts'

const MINER_PROCESSES = 2
/** Exchanges a second at which latencies are taken: far below what can be done, so that they are no queue’s. */
const PACE = 200

export interface MessagesMeasured {
  readonly exchange: Exchange
  readonly connected: number
  /** At most, with 64 under way. */
  readonly perSecond: number
  readonly bytesPerSecond: number
  /** Milliseconds at an even pace. */
  readonly p50: number
  readonly p99: number
}

/** Every kind of exchange at several numbers of connected miners. */
export const measureMessages: WirePart = async ({ seed, sizes, report }) => {
  const fleet = await startFleet(seed, sizes.connected.at(-1)!, MINER_PROCESSES)
  const measured: MessagesMeasured[] = []
  try {
    let before = 0
    for (const connected of sizes.connected) {
      await fleet.order({ do: 'connect', miners: fleet.miners.slice(before, connected) })
      before = connected
      for (const exchange of EXCHANGES) {
        measured.push(await measureExchange(fleet, exchange, connected, sizes.messageMs))
        report('kinds of messages', measured.length, sizes.connected.length * EXCHANGES.length)
      }
    }
  } finally {
    await fleet.close()
  }
  return { bars: measured.flatMap(barsOf), timings: { measured } }
}

async function measureExchange(
  { order }: Fleet,
  exchange: Exchange,
  connected: number,
  ms: number,
): Promise<MessagesMeasured> {
  // The first half only warms up.
  await order({ do: 'load', exchange, width: IN_FLIGHT, ms })
  const load = await order({ do: 'load', exchange, width: IN_FLIGHT, ms })
  const { latencies } = await order({ do: 'pace', exchange, perSecond: PACE, ms: 2 * ms })
  const perSecond = (load.count / load.ms) * 1_000
  return {
    ...{ exchange, connected, perSecond, bytesPerSecond: perSecond * (load.sent + load.received) },
    ...{ p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
  }
}

function barsOf({ exchange, connected, perSecond, bytesPerSecond, p50, p99 }: MessagesMeasured): Bar[] {
  const name = `messages.${exchange}.${connected}`
  const megabytes = (bytesPerSecond / 1e6).toFixed(1)
  return [
    {
      name,
      value: Math.round(perSecond),
      unit: 'exchanges/s',
      note: `${megabytes} MB/s both ways, 64 in flight`,
    },
    { name: `${name}.p99`, value: p99, unit: 'ms', note: `p50 ${p50.toFixed(2)} ms, at ${PACE} a second` },
  ]
}
