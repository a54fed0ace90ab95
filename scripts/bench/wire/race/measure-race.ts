import type { Bar } from '../../suite.ts'
import { ASKED } from '../asked.ts'
import type { WireContext, WirePart, WirePartResult } from '../part.ts'
import type { Contender } from './contender.ts'
import { cpuOf, type Laps, rateOf, ratioOf, takeTurns } from './laps.ts'
import { type ContenderName, FRAME_BYTES, IN_FLIGHT, openNamed } from './open.ts'

const CARRIED = `${FRAME_BYTES} bytes each way, ${IN_FLIGHT} in flight`

/** Our sessions beside a bare WebSocket that sends back what it gets, and beside a bare socket. */
export const measureEcho: WirePart = async (context) => {
  const laps = await race(context, ['tcp', 'ws', 'starling'])
  return resultOf('echo', laps, [
    ratioBar('echo', laps, 'ws', 'a bare ws'),
    rateBar('echo.tcp', laps.tcp, 'a bare socket: what loopback and two copies of the bytes allow'),
  ])
}

/** Our sessions beside JSON over HTTP, at whichever number of requests on each connection suits it best. */
export const measureHttp: WirePart = async (context) => {
  const names = ['http', 'http4', 'http16'] as const
  const laps = await race(context, ['starling', ...names])
  const best = names.reduce((a, b) => (rateOf(laps[b]) > rateOf(laps[a]) ? b : a))
  const each = best.slice('http'.length) || '1'
  return resultOf('http', laps, [ratioBar('http', laps, best, `fastify and undici, ${each} a connection`)])
}

/** Our sessions beside the axon and dendrite of Bittensor's SDK. */
export const measureAxon: WirePart = async (context) => {
  const laps = await race(context, ['starling', 'axon'])
  const failed = laps.axon.reduce((sum, { failed = 0 }) => sum + failed, 0)
  const peer = `bittensor 10.5.0${failed === 0 ? '' : `, which refused ${failed} of its own`}`
  return resultOf('axon', laps, [ratioBar('axon', laps, 'axon', peer)])
}

async function race<Name extends ContenderName>(
  { sizes, seed, report }: WireContext,
  names: readonly Name[],
): Promise<Laps<Name>> {
  const open: Partial<Record<Name, Contender>> = {}
  try {
    for (const name of names) open[name] = await openNamed(name, seed)
    const all = open as Record<Name, Contender>
    return await takeTurns(all, sizes, (done) => report(`turns of ${names.join(', ')}`, done, sizes.turns))
  } finally {
    await Promise.all(Object.values<Contender>(open as Record<string, Contender>).map((one) => one.close()))
  }
}

function ratioBar<Name extends string>(
  part: string,
  laps: Laps<Name | 'starling'>,
  theirs: Name,
  peer: string,
): Bar {
  const [we, they] = [laps.starling, laps[theirs]]
  const cpu = (cpuOf(they) / cpuOf(we)).toFixed(2)
  const note = `ours over ${peer}: ${rateOf(we).toFixed(0)} over ${rateOf(they).toFixed(0)} exchanges/s, ${CARRIED}; by CPU time ${cpu}`
  const name = `${part}.ratio`
  return { name, value: ratioOf(we, they), unit: 'ratio', floor: ASKED[name]!.least!, note }
}

function rateBar(name: string, laps: Laps<string>[string], note: string): Bar {
  return { name, value: Math.round(rateOf(laps)), unit: 'exchanges/s', note }
}

function resultOf(part: string, laps: Laps<string>, bars: readonly Bar[]): WirePartResult {
  const cpu = Object.entries(laps).map(
    ([name, own]): Bar => ({
      name: `${part}.${name}.cpu`,
      value: cpuOf(own),
      unit: 'µs',
      note: 'CPU time an exchange, both processes',
    }),
  )
  return { bars: [...bars, ...cpu], timings: { laps } }
}
