import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchMiner } from '../../../miner/watch/miner-watch.ts'
import { createRowMemory } from '../../../miner/watch/row-memory.ts'
import { minerView } from '../../../miner/watch/view.ts'
import type { ChainClient, Metagraph, Neuron } from '../../../shared/chain/chain-client.ts'
import { watchChain } from '../../../shared/chain/watch-chain.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import { createMetrics } from '../../../shared/process/metrics/create-metrics.ts'
import type { MinerRow } from '../../../shared/proof/miner-row.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import type { ScoreParts } from '../../../validator/scoring/score-parts.ts'
import type { RoundEntry } from '../../../validator/store/entries.ts'
import { watchValidator } from '../../../validator/watch/validator-watch.ts'
import { neuronOf } from '../../support/miner-chain.ts'

const clock = { now: () => 0, monotonic: () => 0 }
const axon = { ip: '192.0.2.1', port: 8091 }

/** A watched chain, whose metagraph is what it was set to last. */
async function chainWith(neurons: Neuron[]) {
  const watch = watchChain(1, clock)
  let block = 100
  const client = watch.follow({
    metagraph: async () => ({ netuid: 1, block: ++block, neurons }) as unknown as Metagraph,
    onBlock: () => () => {},
  } as unknown as ChainClient)
  await client.metagraph(1)
  return { watch, read: () => client.metagraph(1) }
}

describe('a watched validator', () => {
  const parts = (score: number) => ({ score, answer: score, judge: 0, reasons: [] }) as unknown as ScoreParts
  const scores: Record<string, ScoreParts> = { a: parts(0.25), b: parts(0.5), far: parts(1) }

  async function watched(neurons: Neuron[]) {
    const { watch: chain, read } = await chainWith(neurons)
    const metrics = createMetrics()
    const watch = watchValidator({
      ...{ metrics, chain, writesStopped: () => undefined, hotkey: 'v', netuid: 1, engines: [] },
      ...{ roundBlocks: 25, book: emptyScoreBook, scores: () => scores, clock, stateBytes: () => 7 },
      sessions: () => [{ hotkey: 'b', pingMs: () => 20 } as unknown as Session],
    })
    return { watch, read, scrape: async () => (await metrics.scrape()).text }
  }
  const entry = {
    ...{ kind: 'round', round: 9, milliseconds: 1_500 },
    outcome: {
      answers: [{ result: 'accept' }, { result: 'accept' }, { result: 'missed' }],
      judges: [{ completed: 1, checks: { verdicts: 5, replayed: 2, mismatched: 1 } }, { completed: 0 }],
    },
  } as unknown as RoundEntry

  it('shows scores and places by uid, and forgets who left', async () => {
    const neurons = [neuronOf('v', 0), neuronOf('a', 1, { axon }), neuronOf('b', 2, { axon })]
    const { scrape, read, watch } = await watched(neurons)
    const text = await scrape()
    expect(text).toContain('starling_validator_miner_score{uid="1"} 0.25')
    expect(text).toContain('starling_validator_miner_rank{uid="2"} 1')
    expect(text).toContain('starling_validator_session_ping_seconds{uid="2"} 0.02')
    expect(text).toContain('starling_unready{reason="NO_PERMIT"} 1')
    expect(watch.reasons().map(({ code }) => code)).toEqual(['NO_PERMIT'])
    neurons.splice(1, 1)
    await read()
    expect(await scrape()).not.toContain('score{uid="1"}')
  })

  it('makes no series of uids that a subnet cannot have', async () => {
    const { scrape } = await watched([neuronOf('far', 256, { axon })])
    expect(await scrape()).not.toContain('uid="256"')
  })

  it('counts what a round came to, and shows it', async () => {
    const { watch, scrape } = await watched([neuronOf('v', 0)])
    watch.events.onPhase('commit', 2)
    watch.events.onRound(entry)
    watch.events.onLostRound('failed')
    const text = await scrape()
    expect(text).toContain('starling_validator_answers_total{result="accept"} 2')
    expect(text).toContain('starling_validator_verdicts_total{check="mismatched"} 1')
    expect(text).toContain('starling_validator_judges_count{state="delivered"} 1')
    expect(text).toContain('starling_validator_rounds_total{result="failed"} 1')
    const phases = watch.view().charts.find(({ id }) => id === 'phases')
    expect(phases?.rows?.slice(0, 2)).toEqual([[9], [2]])
  })

  it('is not ready while its state is not on disk', async () => {
    const { watch } = await watched([neuronOf('v', 0, { validatorPermit: true })])
    watch.onTrouble(new Error('no space'))
    expect(watch.reasons().map(({ code }) => code)).toEqual(['STATE_UNSAVED'])
    watch.onTrouble(undefined)
    expect(watch.reasons()).toEqual([])
  })
})

describe('a watched miner', () => {
  const row = {
    score: 0.5,
    answer: 0.5,
    judge: 0,
    accepted: 3,
    rejected: 1,
    missed: 0,
    reasons: ['slow'],
  } as unknown as MinerRow

  it('shows what validators settled, by the validator’s uid', async () => {
    const { watch: chain } = await chainWith([
      neuronOf('v', 3),
      neuronOf('m', 4, { axon, incentive: 10, emission: 9n }),
    ])
    const metrics = createMetrics()
    const backend = { model: { name: 'small' }, health: () => ({ alive: true }) } as unknown as Engine
    const watch = watchMiner({
      ...{ metrics, chain, writesStopped: () => undefined, hotkey: 'm', netuid: 1, backend, clock },
      miner: () => ({ connections: () => 1, address: axon }),
      stateFolder: mkdtempSync(join(tmpdir(), 'miner-')),
    })
    for (const round of [7, 8]) watch.events.onRow('v', round, row)
    watch.events.onRow('stranger', 8, row)
    watch.events.onRequest({ type: 'challenge', result: 'BUSY', seconds: 1 })
    const { text } = await metrics.scrape()
    expect(text).toContain('starling_miner_receipt_round_number{validator="3"} 8')
    expect(text).toContain('starling_miner_receipt_answers_count{validator="3",result="rejected"} 1')
    expect(text).toContain('starling_miner_requests_total{type="challenge",result="BUSY"} 1')
    expect(text).toContain('starling_miner_incentive_ratio 1')
    expect(watch.reasons()).toEqual([])
    expect(watch.status()).toMatchObject({
      ...{ uid: 4, sessions: 1, axon, requests: { answered: 0, refused: 1 } },
      pay: { rank: 1, incentive: 1, emissionRao: 9 },
    })
  })

  it('draws the scores of validators that number their rounds each their own way', () => {
    const memory = createRowMemory()
    for (const round of [8, 7, 7]) memory.add('v', round, row)
    memory.add('w', 20, row)
    const receipts = ['v', 'w'].map((validator) => ({ ...row, validator, validatorUid: null, round: 8 }))
    const status = { reasons: [], receipts, engine: {}, requests: {}, tokens: {}, chain: {}, model: {} }
    const { charts } = minerView({ ...status, pay: null, hotkey: 'm', axon: null } as never, memory)
    expect(charts.find(({ id }) => id === 'scores')?.rows).toEqual([
      [7, 8, 20],
      [0.5, 0.5, null],
      [null, null, 0.5],
    ])
  })
})
