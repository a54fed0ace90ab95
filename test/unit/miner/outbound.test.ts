import { setMaxListeners } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Outbound, type OutboundOptions, startOutbound } from '../../../miner/outbound.ts'
import type { Neuron } from '../../../shared/chain/chain-client.ts'
import { deferred } from '../../../shared/chain/substrate/deferred.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { neuronOf } from '../../support/miner-chain.ts'

const running: Outbound[] = []
afterEach(async () => {
  for (const outbound of running.splice(0)) await outbound.close()
})

const gate = (hotkey: string, uid: number, axon: Partial<NonNullable<Neuron['axon']>> = {}) =>
  neuronOf(hotkey, uid, { axon: { ip: '203.0.113.7', port: 9000 + uid, gate: true, ...axon } })

/** A miner whose dials, pauses and time are in the test's hands. */
function outboundOf(change: Partial<OutboundOptions> = {}) {
  const dials: { to: string; signal: AbortSignal; hangUp: () => void }[] = []
  const pauses: { ms: number; wake: () => void }[] = []
  const time = { now: 0, refuses: false }
  const permitted = new Set(['v1', 'v2'])
  const outbound = startOutbound({
    signer: signerFromUri('//outbound'),
    models: [],
    handle: async () => ({ type: 'ack' }),
    authorize: (hotkey) =>
      permitted.has(hotkey) ? undefined : new StarlingError('NO_PERMIT', `${hotkey} has no permit`),
    dialPrivate: true,
    dial: async ({ ip, port, tls, hotkey, signal }) => {
      const ended = deferred<{ code: number; reason: string }>()
      const hangUp = () => ended.resolve({ code: 1001, reason: 'GOING_AWAY' })
      dials.push({ to: `${hotkey} ${tls ? 'wss' : 'ws'} ${ip} ${port}`, signal: signal!, hangUp })
      setMaxListeners(0, signal!)
      signal!.addEventListener('abort', hangUp)
      if (time.refuses) throw new StarlingError('AXON_UNREACHABLE', 'no gate')
      return { closed: ended.promise, close: hangUp }
    },
    random: () => 0,
    monotonic: () => time.now,
    pause: (ms, signal) =>
      new Promise((wake) => {
        pauses.push({ ms, wake })
        signal.addEventListener('abort', () => wake())
      }),
    log: silentLog(),
    ...change,
  })
  running.push(outbound)
  return { outbound, dials, pauses, time, permitted }
}

describe('a miner that listens nowhere', () => {
  it('dials the gates of validators with a permit, and nobody else', () => {
    const { outbound, dials } = outboundOf()
    const plain = neuronOf('v2', 2, { axon: { ip: '203.0.113.7', port: 1 } })
    outbound.look({ neurons: [gate('v1', 1, { tls: true }), plain, gate('poor', 3), neuronOf('none', 4)] })
    expect(dials.map(({ to }) => to)).toEqual(['v1 wss 203.0.113.7 9001'])
  })

  it('does not dial itself', () => {
    const { outbound, dials, permitted } = outboundOf()
    const { address } = signerFromUri('//outbound')
    permitted.add(address)
    outbound.look({ neurons: [gate(address, 1)] })
    expect(dials).toEqual([])
  })

  it('dials no private address unless told to', () => {
    const { outbound, dials } = outboundOf({ dialPrivate: false })
    outbound.look({ neurons: [gate('v1', 1, { ip: '10.0.0.7' }), gate('v2', 2, { ip: '8.8.8.8' })] })
    expect(dials.map(({ to }) => to)).toEqual(['v2 ws 8.8.8.8 9002'])
  })

  it('keeps one connection a gate, however often it looks', async () => {
    const { outbound, dials } = outboundOf()
    for (let i = 0; i < 3; i++) outbound.look({ neurons: [gate('v1', 1), gate('v2', 2)] })
    await vi.waitFor(() => expect(outbound.connections()).toBe(2))
    expect(dials).toHaveLength(2)
  })

  it('comes back ever more slowly, half a minute at most, and at once after a long connection', async () => {
    const { outbound, dials, pauses, time } = outboundOf()
    time.refuses = true
    outbound.look({ neurons: [gate('v1', 1)] })
    for (let tries = 1; tries <= 8; tries++) {
      await vi.waitFor(() => expect(pauses).toHaveLength(tries))
      pauses[tries - 1]!.wake()
    }
    await vi.waitFor(() => expect(pauses).toHaveLength(9))
    expect(pauses.map(({ ms }) => ms / 1000)).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30])
    time.refuses = false
    pauses[8]!.wake()
    await vi.waitFor(() => expect(outbound.connections()).toBe(1))
    // A gate that takes us in and hangs up at once is no better than one that does not answer.
    dials.at(-1)!.hangUp()
    await vi.waitFor(() => expect(pauses).toHaveLength(10))
    expect(pauses[9]!.ms).toBe(30_000)
    pauses[9]!.wake()
    await vi.waitFor(() => expect(outbound.connections()).toBe(1))
    time.now += 60_000
    dials.at(-1)!.hangUp()
    await vi.waitFor(() => expect(pauses).toHaveLength(11))
    expect(pauses[10]!.ms).toBe(1_000)
  })

  it('spreads its return by chance, by half of the pause at most', async () => {
    const { outbound, pauses, time } = outboundOf({ random: () => 1 })
    time.refuses = true
    outbound.look({ neurons: [gate('v1', 1)] })
    await vi.waitFor(() => expect(pauses.map(({ ms }) => ms)).toEqual([500]))
  })

  it('follows a gate that moves, and leaves one that loses its permit', async () => {
    const { outbound, dials, permitted } = outboundOf()
    outbound.look({ neurons: [gate('v1', 1), gate('v2', 2)] })
    await vi.waitFor(() => expect(outbound.connections()).toBe(2))
    permitted.delete('v2')
    outbound.look({ neurons: [gate('v1', 1, { port: 7777 }), gate('v2', 2)] })
    expect(dials.map(({ to }) => to).slice(2)).toEqual(['v1 ws 203.0.113.7 7777'])
    expect(dials.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
    await vi.waitFor(() => expect(outbound.connections()).toBe(1))
  })

  it('hangs up and dials no more when it stops', async () => {
    const { outbound, dials } = outboundOf()
    outbound.look({ neurons: [gate('v1', 1)] })
    await vi.waitFor(() => expect(outbound.connections()).toBe(1))
    await outbound.close()
    expect(outbound.connections()).toBe(0)
    expect(dials).toHaveLength(1)
  })
})
