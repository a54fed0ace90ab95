import { setTimeout as sleep } from 'node:timers/promises'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import { quantile } from '../../devnet/quantile.ts'
import { startTarget, type Target } from '../hostile/target.ts'
import type { TargetLook } from '../hostile/target-messages.ts'
import type { EndurePart } from '../part.ts'
import { type Honest, startHonest } from './honest.ts'
import { BY_INSIDERS } from './insiders.ts'
import { barsOf } from './report.ts'
import { type Attack, AUTHORISED_KEYS, createStage, type Deeds } from './stage.ts'
import { BY_STRANGERS } from './strangers.ts'

const SECONDS = { full: 10, quick: 2 }
/** Attacks whose end is a deadline of the product: they last until it is over. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'half open': 20,
  'deaf to pings': 20,
  'half a frame': 20,
  'slow headers': 8,
  'half an upgrade': 8,
  'silent sockets': 8,
}
const LOOK_MS = 250
/** Milliseconds within which all is as it was before. */
const SETTLE_MS = 20_000
const HONEST = '//endure//honest'
const MB = 1e6

/** What one attack did to an axon, and to an honest validator beside it. */
export interface Flooded {
  readonly deeds: Deeds
  readonly seconds: number
  /** MB above idle at worst, and of that left at the end, after a collection. */
  readonly rssMost: number
  readonly heapLeft: number
  /** Milliseconds from request to reply of the honest validator, before and during. */
  readonly before: { readonly p50: number; readonly p99: number }
  readonly during: { readonly p50: number; readonly p99: number; readonly count: number }
  /** Its requests without a reply, and new connections of its that were let in or not. */
  readonly unanswered: number
  readonly letIn: number
  readonly turnedAway: readonly string[]
  /** Share of one core that the attacked process used. */
  readonly cpu: number
  readonly blockedMs: number
  /** Connections and sockets beside the honest one, at the end of the attack while attackers held on, and when all was over. */
  readonly held: number
  readonly leftSockets: number
  readonly leftTimers: number
}

/**
 * Floods, slow and half-open connections, by strangers and by validators with a permit, against an axon with the product's own limits in
 * a process of its own. The machine is shared: what the attackers and the honest validator use of it is missing elsewhere.
 */
export const measureFloods: EndurePart = async ({ quick, report }) => {
  const seconds = quick ? SECONDS.quick : SECONDS.full
  const attacks = Object.entries({ ...BY_STRANGERS, ...BY_INSIDERS })
  const honestKey = signerFromUri(HONEST).address
  const allowed = [honestKey, ...AUTHORISED_KEYS.map(({ address }) => address)]
  const target = await startTarget({ allowed })
  const { axon: port, hotkey } = target.ready
  const honest = await startHonest({ port, hotkey, uri: HONEST })
  try {
    const results: Record<string, Flooded> = {}
    await sleep(1_000)
    for (const [at, [name, attack]] of attacks.entries()) {
      report(`attacks (${name})`, at, attacks.length)
      const lasts = Math.max(seconds, AT_LEAST[name] ?? 0)
      results[name] = await withstand(target, honest, attack, lasts)
    }
    return { facts: results, bars: barsOf(results) }
  } finally {
    await honest.stop()
    await target.stop()
  }
}

async function withstand(target: Target, honest: Honest, attack: Attack, seconds: number): Promise<Flooded> {
  await honest.report()
  await sleep(1_500)
  const before = (await honest.report()).latencies
  const idle = await target.look(true)

  const over = new AbortController()
  const stage = createStage(target.ready, over.signal)
  let most = idle
  let blockedMs = 0
  const done = attack(stage)
  done.catch(() => {})
  for (let left = seconds * 1_000; left > 0; left -= LOOK_MS) {
    await sleep(LOOK_MS)
    const look = await target.look()
    blockedMs = Math.max(blockedMs, look.blockedMs)
    if (look.rss > most.rss) most = look
  }
  const end = await target.look()
  const seen = await honest.report()
  over.abort()
  const deeds = await done
  stage.clear()
  const settled = await settle(target, idle)
  return {
    ...{ deeds, seconds, blockedMs },
    rssMost: (most.rss - idle.rss) / MB,
    heapLeft: (settled.heap - idle.heap) / MB,
    before: { p50: quantile(before, 0.5), p99: quantile(before, 0.99) },
    during: {
      ...{ p50: quantile(seen.latencies, 0.5), p99: quantile(seen.latencies, 0.99) },
      count: seen.latencies.length,
    },
    ...{ unanswered: seen.unanswered.length, letIn: seen.letIn, turnedAway: seen.turnedAway },
    cpu: (end.cpuMs - idle.cpuMs) / 1_000 / seconds,
    held: end.connections - 1,
    leftSockets: Math.max(0, settled.sockets - idle.sockets),
    leftTimers: Math.max(0, settled.timers - idle.timers),
  }
}

/** Waits until sockets are as many as before; the honest validator's newcomers come and go. */
async function settle(target: Target, idle: TargetLook): Promise<TargetLook> {
  const late = Date.now() + SETTLE_MS
  let look = await target.look(true)
  while ((look.sockets > idle.sockets || look.timers > idle.timers) && Date.now() < late) {
    await sleep(LOOK_MS)
    look = await target.look(true)
  }
  return look
}
