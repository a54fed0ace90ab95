import type { Metagraph, Neuron } from '../shared/chain/chain-client.ts'
import { whyNotDialled } from '../shared/dialling/address-guard.ts'
import { type BackOff, backOffMs } from '../shared/dialling/back-off.ts'
import { describeError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import type { DialGateOptions, dialGate } from '../shared/protocol/gate-client.ts'

export interface OutboundOptions extends Pick<DialGateOptions, 'signer' | 'models' | 'authorize' | 'handle'> {
  /** True to dial private and reserved addresses as well. */
  readonly dialPrivate: boolean
  readonly dial: typeof dialGate
  /** 0 to 1; spreads the times at which miners come back. */
  readonly random: () => number
  /** Milliseconds that never run backwards. */
  readonly monotonic: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly log: Log
}

/** A miner that listens nowhere: it dials the validators, and they ask over its connections. */
export interface Outbound {
  /** Dials gates that are new on the metagraph or moved, and leaves those that are gone. */
  look(metagraph: Pick<Metagraph, 'neurons'>): void
  /** Validators that are connected now. */
  connections(): number
  close(): Promise<void>
}

/** A validator restarts in some ten seconds, and its rounds are five minutes apart: half a minute is soon enough. */
const BACK_OFF: BackOff = { firstMs: 1_000, longestMs: 30_000 }
/** A connection that stood so long was a good one: the next failure is the first. Milliseconds. */
const STEADY_MS = 60_000

interface Kept {
  readonly address: string
  readonly stop: AbortController
  readonly done: Promise<void>
}

export function startOutbound(options: OutboundOptions): Outbound {
  const { signer, authorize, dialPrivate, log } = options
  const kept = new Map<string, Kept>()
  const open = new Set<string>()
  const ending = new Set<Promise<void>>()

  const leave = (hotkey: string) => {
    const one = kept.get(hotkey)
    if (one === undefined) return
    kept.delete(hotkey)
    one.stop.abort()
    ending.add(one.done)
    void one.done.then(() => ending.delete(one.done))
  }

  return {
    look({ neurons }) {
      const gates = new Map(
        neurons
          .filter(({ hotkey, axon }) => axon?.gate && hotkey !== signer.address)
          .filter(({ hotkey }) => authorize(hotkey) === undefined)
          .map((neuron) => [neuron.hotkey, neuron]),
      )
      for (const [hotkey, { address }] of kept) {
        const gate = gates.get(hotkey)
        if (gate === undefined || addressOf(gate) !== address) leave(hotkey)
      }
      if (gates.size === 0) log.warn('no validator with a permit has a gate: nobody can ask this miner')
      for (const [hotkey, gate] of gates) {
        if (kept.has(hotkey)) continue
        const refused = whyNotDialled(gate.axon!, dialPrivate)
        if (refused === undefined) kept.set(hotkey, keep(gate, open, options))
        else log.warn({ hotkey, error: describeError(refused) }, 'gate not dialled')
      }
    },
    connections: () => open.size,
    async close() {
      for (const hotkey of [...kept.keys()]) leave(hotkey)
      await Promise.all(ending)
    },
  }
}

/** Keeps one connection until it is stopped. */
function keep(gate: Neuron, open: Set<string>, options: OutboundOptions): Kept {
  const { dial, signer, models, authorize, handle, random, monotonic, pause, log } = options
  const { hotkey } = gate
  const { ip, port, tls } = gate.axon!
  const stop = new AbortController()
  const { signal } = stop

  const once = async () => {
    const standing = await dial({
      ...{ ip, port, signer, hotkey, models, authorize, handle, signal, log },
      ...(tls ? { tls } : {}),
    })
    open.add(hotkey)
    await standing.closed
    open.delete(hotkey)
  }
  const run = async () => {
    let failures = 0
    while (!signal.aborted) {
      const from = monotonic()
      await once().catch((error: unknown) => {
        if (!signal.aborted)
          log.debug({ hotkey, gate: addressOf(gate), error: describeError(error) }, 'gate not reached')
      })
      failures = monotonic() - from >= STEADY_MS ? 1 : failures + 1
      if (!signal.aborted) await pause(backOffMs(BACK_OFF, failures, random()), signal)
    }
  }
  return { address: addressOf(gate), stop, done: run() }
}

function addressOf({ axon }: Neuron): string {
  return `${axon?.tls ? 'wss' : 'ws'} ${axon?.ip} ${axon?.port}`
}
