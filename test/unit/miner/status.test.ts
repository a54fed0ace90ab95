import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { askRunning } from '../../../miner/status/ask-running.ts'
import { chainSide, standing } from '../../../miner/status/chain-side.ts'
import { renderStatus } from '../../../miner/status/render.ts'
import { type StatusFacts, statusReport } from '../../../miner/status/report.ts'
import type { ChainClient } from '../../../shared/chain/chain-client.ts'
import { minerChain, neuronOf } from '../../support/miner-chain.ts'
import { MINER, makeRow, VALIDATOR } from '../../support/receipts.ts'

const LONG =
  'a verdict was wrongly given, so that the judge’s part of the score is withheld for a while, as the next rounds show'

const facts: StatusFacts = {
  hotkey: MINER.address,
  netuid: 7,
  chain: {
    block: 123_456,
    uid: 3,
    rank: 2,
    miners: 60,
    incentive: 6_554,
    emission: 2_500_000_000n,
    coin: 'alpha',
    tempo: 360,
    blockMs: 12_000,
    axon: '203.0.113.9:8091',
  },
  running: {
    upSeconds: 7_300,
    ready: false,
    reasons: ['HEAD_OLD: no block for 130 s; look at the endpoints'],
    sessions: 4,
  },
  validators: [
    {
      validator: VALIDATOR.address,
      rounds: [
        { round: 412_000, row: makeRow({ reasons: [LONG, 'one miss'], accepted: 1000, surprise: 12_345 }) },
        { round: 411_999, row: makeRow({ reasons: ['an old reason'] }) },
      ],
    },
    { validator: MINER.address, rounds: [{ round: 400, row: makeRow({ reasons: ['one miss'] }) }] },
  ],
}

describe('how a miner stands', () => {
  it('fits 80 columns, whatever the numbers', () => {
    const lines = renderStatus(statusReport(facts)).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines.join('\n')).toMatch(/2 of 60 miners/)
    expect(lines.join('\n')).toMatch(/10\.00 % of/)
    expect(lines.join('\n')).toMatch(/2\.5 alpha at the last epoch; at that rate 50 alpha a day/)
    expect(lines.join('\n')).toMatch(/not ready: HEAD_OLD/)
  })

  it('says each reason of the newest rounds once', () => {
    expect(statusReport(facts).withheld).toEqual([LONG, 'one miss'])
  })

  it('expects no pay where it cannot know', () => {
    const chain = facts.chain as Extract<StatusFacts['chain'], { block: number }>
    expect(statusReport(facts).coinsADay).toBeCloseTo(50)
    expect(statusReport({ ...facts, chain: { ...chain, blockMs: undefined } }).coinsADay).toBeUndefined()
    expect(statusReport({ ...facts, chain: { ...chain, tempo: 0 } }).coinsADay).toBeUndefined()
    expect(statusReport({ ...facts, chain: { error: 'CHAIN_UNREACHABLE' } }).coinsADay).toBeUndefined()
  })

  it('tolerates that nothing is known', () => {
    const none = { chain: { error: 'no chain' }, running: { error: 'no miner' }, validators: [] }
    const text = renderStatus(statusReport({ ...facts, ...none }))
    expect(text).toMatch(/not seen: no miner/)
    expect(text).toMatch(/no receipts yet/)
    expect(text).toMatch(/withheld +nothing/)
  })

  it('shows what strangers wrote as one line of its own', () => {
    const row = makeRow({ reasons: ['late\u001b[2J\nrank 1'] })
    const text = renderStatus(
      statusReport({ ...facts, validators: [{ validator: VALIDATOR.address, rounds: [{ round: 1, row }] }] }),
    )
    expect(text).toContain('- late [2J rank 1')
    expect(text).not.toContain('\u001b')
  })
})

describe('its place on the chain', () => {
  const neurons = [
    neuronOf('v', 0, { validatorPermit: true, incentive: 900 }),
    neuronOf('first', 1, { incentive: 500 }),
    neuronOf('own', 2, { incentive: 300, emission: 5n, axon: { ip: '1.2.3.4', port: 5 } }),
    neuronOf('equal', 3, { incentive: 300 }),
    neuronOf('unpaid', 4),
  ]
  const of = async (hotkey: string) => standing(await minerChain(neurons).chain.metagraph(1), hotkey)

  it('is by incentive, among those without a permit', async () => {
    expect(await of('own')).toMatchObject({ uid: 2, rank: 2, miners: 4, emission: 5n, axon: '1.2.3.4:5' })
    expect(await of('equal')).toMatchObject({ rank: 2 })
    expect(await of('unpaid')).toMatchObject({ uid: 4, rank: undefined })
    expect(await of('stranger')).toMatchObject({ uid: undefined, rank: undefined, emission: 0n })
  })

  it('knows how long a block takes', async () => {
    const chain = {
      ...minerChain(neurons).chain,
      info: () => ({ specName: 'starling' }),
      blockHash: async (number: number) => `0x${number}`,
      timestamp: async (hash: string) => Number(hash.slice(2)) * 2_000,
    } as unknown as ChainClient
    expect(await chainSide(chain, 1, 'own')).toMatchObject({ blockMs: 2_000, coin: 'TAO', block: 100 })
  })
})

describe('the running miner', () => {
  let server: Server | undefined
  afterEach(() => void server?.close())

  async function serving(body: string): Promise<number> {
    server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server!.once('listening', resolve))
    return (server.address() as { port: number }).port
  }

  it('is asked what it knows', async () => {
    const status = { program: 'miner', upSeconds: 5, ready: true, reasons: [], sessions: 2, more: {} }
    const port = await serving(JSON.stringify(status))
    expect(await askRunning('127.0.0.1', port)).toEqual({
      upSeconds: 5,
      ready: true,
      reasons: [],
      sessions: 2,
    })
  })

  it.each(['{"program":"validator"}', 'no JSON', ''])('may be another program that says %j', async (body) => {
    expect(await askRunning('127.0.0.1', await serving(body))).toEqual({ error: expect.any(String) })
  })

  it('may not be there', async () => {
    const port = await serving('')
    await new Promise((resolve) => server!.close(resolve))
    expect(await askRunning('127.0.0.1', port)).toEqual({ error: expect.stringMatching(/no miner answers/) })
  })
})
