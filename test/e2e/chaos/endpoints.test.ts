import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { nextBlock, type Stage, startStage, validator } from './stage.ts'

const LIE = `0x${'2f'.repeat(32)}`
const OTHER_ENDPOINTS = 40

/** Nothing here takes that long, but on a busy machine. */
const SLOW = { timeout: 240_000 }

/** Where an endpoint must not be left for being slow. */
const PATIENT = { timeoutMs: 20_000, silence: { floorMs: 60_000, ceilingMs: 60_000 } }

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, SLOW.timeout)
afterAll(() => stage.close())
afterEach(() => stage.disconnect())

const lie = (genesis: string | undefined) => {
  const change = (hash: unknown, params: unknown) => ((params as unknown[])[0] === 0 ? genesis : hash)
  stage.first.rewrite('chain_getBlockHash', genesis === undefined ? undefined : change)
}
const logged = (msg: string) => stage.log.filter((line) => line.msg === msg)

describe('an endpoint that is another chain', SLOW, () => {
  it('is asked for nothing but its genesis, skipped and named', async () => {
    lie(LIE)
    const from = stage.first.asked.length
    const chain = await stage.connect({ ...PATIENT, expected: { genesisHash: stage.genesisHash } })
    expect((await chain.head()).number).toBeGreaterThan(0)
    expect(stage.first.asked.slice(from)).toEqual(['chain_getBlockHash'])
    expect(logged('chain endpoint not used')).toMatchObject([
      { endpoint: stage.first.url, error: expect.stringContaining(LIE) },
    ])
    lie(undefined)
  })

  it('is found out when it changes its mind between two connections, with no genesis given', async () => {
    // The first endpoint was lost before the second, so it is the first to be tried again.
    const chain = await stage.connect({ ...PATIENT, random: () => 1 })
    expect(chain.info().genesisHash).toBe(stage.genesisHash)
    lie(LIE)
    stage.first.cut()
    stage.second.onNext('state_getRuntimeVersion', 'before', () => stage.second.cut())
    const connected = () => logged('chain connected').map(({ endpoint }) => endpoint)
    await expect.poll(connected).toEqual([stage.first.url, stage.second.url])
    expect(logged('chain endpoint not used')).toMatchObject([
      { endpoint: stage.second.url },
      { endpoint: stage.first.url, error: expect.stringContaining(LIE) },
    ])
    await nextBlock(chain)
    expect(chain.info().genesisHash).toBe(stage.genesisHash)
    lie(undefined)
  })

  it('leaves one clear error that names each endpoint when there is no other', async () => {
    lie(LIE)
    const expected = { genesisHash: stage.genesisHash }
    const wrong = stage.connect({ endpoint: stage.first.url, expected })
    await expect(wrong).rejects.toMatchObject({ code: 'CHAIN_WRONG' })
    const dead = 'ws://127.0.0.1:9'
    const none = await connectChain({ endpoint: [stage.first.url, dead], expected }).catch((error) => error)
    expect(none).toMatchObject({ code: 'CHAIN_UNREACHABLE', remedy: expect.any(String) })
    expect(none.message).toMatch(/no endpoint of the chain can be used/)
    for (const url of [stage.first.url, dead]) expect(none.message).toContain(`${url}: `)
    lie(undefined)
  })
})

describe('blocks', SLOW, () => {
  it('go on in order and once while endpoints die, freeze and come back', async () => {
    const chain = await stage.connect()
    const seen: number[] = []
    const stop = chain.onBlock(({ number }) => seen.push(number))
    const goesOn = async () => {
      const from = seen.length
      await expect.poll(() => seen.length).toBeGreaterThan(from + 1)
    }
    await goesOn()
    stage.first.cut()
    await goesOn()
    stage.second.freeze()
    await goesOn()
    stage.second.thaw()
    await stage.first.kill()
    await goesOn()
    await stage.first.revive()
    stop()
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
    expect(logged('chain connection lost').map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/no new block, and no answer|in a row got no answer/),
    )
    expect(await stage.witness.blockHash(seen.at(-1) ?? 0)).toMatch(/^0x/)
  })

  it('come back after a sleep, in which everything stood still and nothing was lost', async () => {
    // The watchdog sleeps, too.
    const chain = await stage.connect(PATIENT)
    const seen: number[] = []
    const stop = chain.onBlock(({ number }) => seen.push(number))
    await nextBlock(chain)
    stage.first.freeze()
    const asleep = seen.length
    for (let i = 0; i < 5; i++) await nextBlock(stage.witness)
    expect(seen.length).toBe(asleep)
    stage.first.thaw()
    await nextBlock(chain)
    stop()
    expect(seen).toEqual(seen.map((_, i) => (seen[0] ?? 0) + i))
  })

  it('go on past a socket that is open at this end only', async () => {
    const chain = await stage.connect({ ...PATIENT, pingMs: 300 })
    stage.first.freeze({ deaf: true })
    await expect.poll(() => logged('chain connected').length).toBe(2)
    await nextBlock(chain)
    expect(logged('chain connection lost')[0]).toMatchObject({
      endpoint: stage.first.url,
      reason: 'it does not answer pings',
    })
    stage.first.thaw()
  })
})

describe('requests', SLOW, () => {
  const HANDSHAKE = ['chain_getBlockHash', 'state_getRuntimeVersion']
  const RUNTIME = ['state_call', 'state_call', 'system_chain', 'system_properties', 'system_chainType']
  const SUBSCRIPTIONS = ['chain_subscribeFinalizedHeads', 'state_subscribeRuntimeVersion']

  it('are nine for a connection, four for one more, and none for blocks', async () => {
    const from = stage.first.asked.length
    const chain = await stage.connect({ ...PATIENT, endpoint: stage.first.url })
    for (let i = 0; i < 4; i++) await nextBlock(chain)
    expect(stage.first.asked.slice(from)).toEqual([...HANDSHAKE, ...RUNTIME, ...SUBSCRIPTIONS])
    const again = stage.first.asked.length
    stage.first.cut()
    await expect.poll(() => logged('chain connected').length).toBe(2)
    for (let i = 0; i < 4; i++) await nextBlock(chain)
    expect(stage.first.asked.slice(again)).toEqual([...HANDSHAKE, ...SUBSCRIPTIONS])
  })
})

describe('reads', SLOW, () => {
  it('are answered by the other endpoint when the first dies before it answers', async () => {
    const chain = await stage.connect()
    stage.first.onNext('state_call', 'after', () => stage.first.cut())
    const { neurons } = await chain.metagraph(stage.weights.netuid)
    expect(neurons.map(({ hotkey }) => hotkey)).toContain(validator.address)
  })

  it('fail at once and by name when no endpoint is left', async () => {
    const chain = await stage.connect()
    await Promise.all([stage.first.kill(), stage.second.kill()])
    const error = await chain.head().catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    await Promise.all([stage.first.revive(), stage.second.revive()])
    await nextBlock(chain)
    expect((await chain.head()).number).toBeGreaterThan(0)
  })
})

describe('many reconnections', SLOW, () => {
  it('leave nothing behind: no socket, timer, listener or request, and no output', async () => {
    const printed: unknown[] = []
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) => {
      const original = console[name]
      console[name] = (...args: unknown[]) => void printed.push(args)
      return () => {
        console[name] = original
      }
    })
    // One address by many names: each has rested by the time it is its turn again.
    const endpoint = Array.from({ length: OTHER_ENDPOINTS }, (_, i) => `${stage.first.url}/${i}`)
    const chain = await stage.connect({ ...PATIENT, endpoint, random: () => 1 })
    await nextBlock(chain)
    const held = (kind: string) => process.getActiveResourcesInfo().filter((name) => name === kind).length
    const sockets = held('TCPSocketWrap')
    const timers = held('Timeout')
    const asked = stage.first.asked.length
    const rounds = 100
    for (let i = 0; i < rounds; i++) {
      const { connections } = stage.first
      stage.first.cut()
      await expect.poll(() => stage.first.connections, { interval: 2 }).toBeGreaterThan(connections)
      await chain.head()
    }
    await nextBlock(chain)
    for (const restore of spies) restore()
    expect(stage.first.connections).toBeGreaterThanOrEqual(rounds)
    // Genesis, version, two subscriptions; the rest is what the loop itself asks.
    const own = stage.first.asked.slice(asked).filter((method) => !/getFinalizedHead|getHeader/.test(method))
    expect(own.length / rounds).toBeLessThan(5)
    expect(printed).toEqual([])
    await expect.poll(() => held('TCPSocketWrap')).toBe(sockets)
    expect(held('Timeout')).toBeLessThan(timers + rounds / 10)
  })
})
