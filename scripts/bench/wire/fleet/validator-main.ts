/** The process under measurement: a validator's sessions, and nothing else of it. */
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { verifySignature } from '../../../../shared/chain/wallet/signer.ts'
import { createTurns } from '../../../../shared/process/turns.ts'
import { commitMessage } from '../../../../shared/proof/commit.ts'
import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import type { Session } from '../../../../shared/protocol/session.ts'
import { keepInFlight } from '../race/in-flight.ts'
import { cpuMs, readTask, say } from '../race/side.ts'
import type { Done, Exchange, Order } from './messages.ts'
import { fleetMinerKey, fleetValidatorKey, frameSizes, requestFor } from './typical.ts'

/** A hundred miners of the other processes share a core, which holds their handshakes up. */
const LIMITS = { handshakeMs: 60_000 }
const OPTIONS = { timeoutMs: 30_000 }

const { seed } = readTask<{ readonly seed: number }>()
const signer = fleetValidatorKey(seed)
const sessions: Session[] = []
const now = () => performance.now()
const turn = createTurns(8)
let latencies: number[] = []
let arrivals: number[] = []
let maxRss = 0

say({ rss: process.memoryUsage.rss() })
for await (const line of createInterface({ input: process.stdin })) say(await carryOut(JSON.parse(line)))
process.exit()

async function carryOut(order: Order): Promise<Done> {
  latencies = []
  arrivals = []
  const watch = setInterval(noteRss, 50)
  const [began, cpu] = [now(), cpuMs()]
  const count = await countOf(order)
  const spent = { count, ms: now() - began, cpuMs: cpuMs() - cpu, latencies, arrivals }
  clearInterval(watch)
  noteRss()
  const sizes = 'exchange' in order ? frameSizes(order.exchange, signer) : { sent: 0, received: 0 }
  return { ...spent, ...sizes, rss: process.memoryUsage.rss(), maxRss }
}

function noteRss(): void {
  maxRss = Math.max(maxRss, process.memoryUsage.rss())
}

/** What the order says, and how often it was done. */
async function countOf(order: Order): Promise<number> {
  switch (order.do) {
    case 'connect': {
      const open = order.miners.map(({ hotkey, port }) =>
        connectAxon({ ip: '127.0.0.1', port, signer, hotkey, limits: LIMITS }),
      )
      return sessions.push(...(await Promise.all(open)))
    }
    case 'load': {
      let next = 0
      const one = () => ask(sessions[next++ % sessions.length]!, order.exchange)
      return (await keepInFlight(order.width, order.ms, { now, cpuMs }, one)).exchanges
    }
    case 'pace':
      return atPace(order)
    case 'burst':
      return (await Promise.all(sessions.map((session) => ask(session, order.exchange)))).length
    default:
      return signatures(order.do, order.ms)
  }
}

async function ask(session: Session, exchange: Exchange): Promise<void> {
  const id = Uint8Array.from(randomBytes(32))
  const sent = now()
  const reply = await session.request(requestFor(exchange, id), OPTIONS)
  arrivals.push(now() - sent)
  if (reply.type === 'commit') {
    // As a round does it.
    await turn()
    const message = commitMessage(reply.id, reply.digest)
    if (!verifySignature(message, reply.signature, session.hotkey)) throw new Error('a commit is not signed')
  }
  latencies.push(now() - sent)
}

/** A timer that comes late catches up, so that a slow moment shows in the latencies and not in the pace. */
async function atPace({ exchange, perSecond, ms }: Order & { readonly do: 'pace' }): Promise<number> {
  const asked: Promise<void>[] = []
  const began = now()
  while (now() - began < ms) {
    const due = Math.ceil(((now() - began) * perSecond) / 1_000)
    while (asked.length < due) asked.push(ask(sessions[asked.length % sessions.length]!, exchange))
    await pause(1)
  }
  await Promise.all(asked)
  return asked.length
}

function signatures(what: 'verify' | 'sign', ms: number): number {
  const miner = fleetMinerKey(seed, 0)
  const message = commitMessage(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2))
  const signature = miner.sign(message)
  const began = now()
  let count = 0
  for (; now() - began < ms; count++) {
    if (what === 'sign') miner.sign(message)
    else if (!verifySignature(message, signature, miner.address)) throw new Error('does not verify')
  }
  return count
}
