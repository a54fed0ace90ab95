import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '../../../../shared/inference/random.ts'
import { startTarget, type Target } from '../hostile/target.ts'
import type { TargetLook } from '../hostile/target-messages.ts'
import type { EndurePart } from '../part.ts'
import { fuzzCodec } from './fuzz-codec.ts'
import { ATTACKER, type Endings, fuzzAsker, fuzzListener, fuzzUpgrade } from './fuzz-live.ts'

const FULL = { frames: 1_000_000, connections: 5_000, requests: 10_000 }
const QUICK = { frames: 20_000, connections: 200, requests: 300 }
const MB = 1e6

/**
 * Damaged frames into the decoders, and damaged frames, records, WebSocket frames and requests into live sessions both ways and the
 * parser of upgrades. Whatever comes, the process goes on, says why with a code, and holds no more than before.
 */
export const measureFuzz: EndurePart = async ({ quick, seed, now, report }) => {
  const size = quick ? QUICK : FULL
  const random = seededRandom(seed)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What is compiled and cached at first is no growth.
  await fuzzCodec(size.frames / 20, random, now, () => {})
  const before = await heapAfter(collect)
  const codec = await fuzzCodec(size.frames, random, now, async (done) => {
    report('damaged frames', done, size.frames)
    await turn()
  })
  const after = await heapAfter(collect)

  const generous = { upgradesPerMinute: 1e9, connectionsPerHotkey: 1_000, requestsPerMinute: 1e9 }
  const target = await startTarget({ limits: generous, allowed: [ATTACKER.address] })
  try {
    const live = (name: string) => (done: number) => report(`damaged ${name}`, done, size.connections)
    await fuzzListener(target, 'axon', size.connections / 20, random, () => {})
    const idle = await settled(target)
    const axon = await fuzzListener(target, 'axon', size.connections, random, live('records at the axon'))
    const gate = await fuzzListener(target, 'gate', size.connections, random, live('records at the gate'))
    const upgrade = await fuzzUpgrade(target, size.requests, random, live('requests'))
    const asker = await fuzzAsker(target, size.connections, random)
    const end = await settled(target)
    const uncoded = codec.uncoded.length + [axon, gate, asker].reduce((sum, one) => sum + notCoded(one), 0)
    return {
      facts: {
        codec: { ...codec, slowest: undefined, uncoded: codec.uncoded.slice(0, 20) },
        live: { axon, gate, upgrade, asker },
      },
      timings: { heap: { before, after }, target: { idle, end }, slowest: codec.slowest },
      bars: [
        {
          name: 'fuzz.uncoded',
          value: uncoded,
          unit: 'of all',
          floor: 0,
          note: `${size.frames} frames, ${2 * size.connections} connections, ${size.connections} sessions, ${size.requests} requests; ${codec.accepted} frames were valid still`,
        },
        { name: 'fuzz.unstable', value: codec.unstable.length, unit: 'frames', floor: 0 },
        { name: 'fuzz.crashes', value: 0, unit: 'processes', floor: 0 },
        { name: 'fuzz.slowest', value: codec.slowest.ms, unit: 'ms a frame', note: codec.slowest.by },
        {
          name: 'fuzz.heap',
          value: (after - before) / MB,
          unit: 'MB grown',
          note: `decoders, after a collection: ${mb(before)} before, ${mb(after)} after`,
        },
        {
          name: 'fuzz.heap.live',
          value: (end.heap - idle.heap) / MB,
          unit: 'MB grown',
          note: `attacked process, after a collection: ${mb(idle.heap)} before, ${mb(end.heap)} after; RSS ${mb(idle.rss)} and ${mb(end.rss)}`,
        },
        {
          name: 'fuzz.blocked',
          value: end.blockedMs,
          unit: 'ms',
          note: 'longest that its event loop stood still',
        },
        {
          name: 'fuzz.left',
          value: end.connections + Math.max(0, end.sockets - idle.sockets),
          unit: 'sockets',
          floor: 0,
        },
      ],
    }
  } finally {
    await target.stop()
  }
}

/** Bytes in use; one collection leaves what only its finalizers let go of, and what was under way. */
async function heapAfter(collect: () => void): Promise<number> {
  for (let times = 0; times < 4; times++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  collect()
  return process.memoryUsage().heapUsed
}

/** Everything but a close code of the protocol, a coded error, an answer, or a connection that is open still. */
export function notCoded(endings: Endings): number {
  return Object.entries(endings).reduce(
    (sum, [ending, count]) => (/^(1\d{3}|44\d\d|[A-Z_]+|answered|open)$/.test(ending) ? sum : sum + count),
    0,
  )
}

/** A look once connections are gone, after a collection, with the longest stillness since the one before. */
async function settled(target: Target): Promise<TargetLook> {
  let blockedMs = 0
  for (let tries = 0; tries < 100; tries++) {
    const look = await target.look()
    blockedMs = Math.max(blockedMs, look.blockedMs)
    if (look.connections === 0) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { ...(await target.look(true)), blockedMs }
}

function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`
}
