import { describe, expect, it } from 'vitest'
import type { BlockHeader, ChainClient, Metagraph } from '../../../shared/chain/chain-client.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'
import { watchChain } from '../../../shared/chain/watch-chain.ts'
import type { Backend, EngineStats } from '../../../shared/inference/engine.ts'
import { watchEngines } from '../../../shared/inference/engine-watch.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { createMetrics, readTotal } from '../../../shared/process/metrics/create-metrics.ts'
import { createHistory } from '../../../shared/process/status/history.ts'
import { RefusedError } from '../../../shared/protocol/refused-error.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { type AskedRequest, watchSession } from '../../../shared/protocol/watch-session.ts'

function handClock() {
  const clock = { at: 0, now: () => 0, monotonic: () => clock.at }
  return clock
}

describe('a watched chain', () => {
  function chainOf(metagraph: () => Promise<Metagraph>) {
    const listeners: ((header: BlockHeader) => void)[] = []
    const chain = {
      metagraph,
      onBlock(listener: (header: BlockHeader) => void) {
        listeners.push(listener)
        return () => {}
      },
    } as unknown as ChainClient
    const block = (number: number) => {
      for (const listener of listeners) listener({ number, hash: '' })
    }
    return { chain, block }
  }

  it('knows the age of the newest block by a clock that is never set', () => {
    const clock = handClock()
    const watch = watchChain(1, clock)
    const { chain, block } = chainOf(async () => ({}) as Metagraph)
    watch.follow(chain)
    clock.at = 5_000
    expect(watch.head()).toEqual({ block: undefined, ageSeconds: 5 })
    block(7)
    clock.at = 8_000
    expect(watch.head()).toEqual({ block: 7, ageSeconds: 3 })
  })

  it('keeps the newest metagraph of its own subnet, and counts what failed', async () => {
    const reads: (Metagraph | Error)[] = [
      { netuid: 1, block: 10 } as Metagraph,
      { netuid: 1, block: 9 } as Metagraph,
      new Error('timeout'),
    ]
    const watch = watchChain(1, handClock())
    const seen = watch.follow(
      chainOf(async () => {
        const next = reads.shift()!
        if (next instanceof Error) throw next
        return next
      }).chain,
    )
    await seen.metagraph(1)
    await seen.metagraph(1)
    await expect(seen.metagraph(1)).rejects.toThrow('timeout')
    expect(watch.metagraph()?.block).toBe(10)
    expect(watch.failures()).toBe(1)
  })

  it('knows an address that was written without reading it back', async () => {
    const watch = watchChain(1, handClock())
    const { chain } = chainOf(
      async () => ({ netuid: 1, block: 1, neurons: [{ hotkey: 'm' }] }) as unknown as Metagraph,
    )
    const seen = watch.follow({ ...chain, serveAxon: async () => ({}) } as unknown as ChainClient)
    await seen.metagraph(1)
    await seen.serveAxon({ address: 'm' } as Signer, { netuid: 1, ip: '192.0.2.1', port: 7, version: 1 })
    expect(watch.metagraph()?.neurons[0]?.axon).toEqual({ ip: '192.0.2.1', port: 7 })
  })

  it('tells a reconnection from another endpoint', () => {
    const watch = watchChain(1, handClock())
    for (const endpoint of ['ws://a', 'ws://a', 'ws://b']) watch.connected(endpoint)
    expect([watch.connections(), watch.switches(), watch.endpoint()]).toEqual([3, 1, 'ws://b'])
  })
})

describe('watched engines', () => {
  const stats = (decodedTokens: number) => ({ decodedTokens }) as EngineStats

  it('count tokens a second, and start again with the engine’s process', async () => {
    const clock = handClock()
    const answers = [stats(100), stats(150), stats(10)]
    const engine = { model: {}, health: () => ({ alive: true }), stats: async () => answers.shift()! }
    const watch = watchEngines([engine as unknown as Backend], clock)
    await watch.look()
    for (const expected of [25, 0]) {
      clock.at += 2_000
      await watch.look()
      expect(watch.readings()[0]?.tokensPerSecond).toBe(expected)
    }
  })

  it('count the seconds that an engine is down', () => {
    const clock = handClock()
    let alive = true
    const engine = { model: {}, health: () => ({ alive }) } as unknown as Backend
    const watch = watchEngines([engine], clock)
    clock.at = 4_000
    expect(watch.facts()[0]?.downSeconds).toBe(0)
    alive = false
    clock.at = 9_000
    expect(watch.facts()[0]?.downSeconds).toBe(5)
  })
})

describe('a watched session', () => {
  const reveal = { type: 'reveal-request' } as Parameters<Session['request']>[0]

  async function ends(outcome: () => Promise<unknown>): Promise<AskedRequest> {
    const told: AskedRequest[] = []
    const clock = handClock()
    const session = {
      async request() {
        clock.at += 1_500
        return outcome()
      },
    } as unknown as Session
    await watchSession(session, clock.monotonic, (asked) => told.push(asked))
      .request(reveal, { timeoutMs: 1 })
      .catch(() => {})
    expect(told).toHaveLength(1)
    return told[0]!
  }
  const refused = (code: string) => async () => {
    throw new RefusedError('m', { type: 'refusal', code, message: '' })
  }

  it('tells how each request ended', async () => {
    const base = { type: 'reveal-request', seconds: 1.5 }
    expect(await ends(async () => ({}))).toEqual({ ...base, result: 'answered' })
    expect(await ends(refused('BUSY'))).toEqual({ ...base, result: 'refused', refusal: 'BUSY' })
    const late = async () => {
      throw new StarlingError('TIMEOUT', '')
    }
    expect(await ends(late)).toEqual({ ...base, result: 'timeout' })
    const broken = async () => {
      throw new Error('bug')
    }
    expect(await ends(broken)).toEqual({ ...base, result: 'failed' })
  })

  it('names no series after a stranger’s words', async () => {
    expect((await ends(refused('X'.repeat(40)))).refusal).toBe('OTHER')
  })
})

describe('metrics', () => {
  it('read totals of others, and drop where these begin anew', async () => {
    const metrics = createMetrics()
    const counter = metrics.counter({ name: 'starling_a_total', help: 'a', labels: { x: 'x' } })
    for (const total of [5, 7, 2]) readTotal(counter, { x: '1' }, total)
    expect((await metrics.scrape()).text).toContain('starling_a_total{x="1"} 2')
  })

  it('still answer where a reader fails', async () => {
    const metrics = createMetrics()
    metrics.gauge({ name: 'starling_b', help: 'b' }).set(3)
    metrics.onScrape(() => {
      throw new Error('no')
    })
    expect((await metrics.scrape()).text).toContain('starling_b 3')
  })
})

describe('history', () => {
  it('forgets the oldest points first, and keeps gaps', () => {
    const history = createHistory(1, 2)
    for (const [x, y] of [
      [1, 10],
      [2, null],
      [3, 30],
    ] as const)
      history.push(x, [y])
    expect(history.rows()).toEqual([
      [2, 3],
      [null, 30],
    ])
  })
})
