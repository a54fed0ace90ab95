import { chainSeries } from '../../shared/chain/chain-series.ts'
import type { ChainWatch } from '../../shared/chain/watch-chain.ts'
import { engineSeries, watchEngines } from '../../shared/inference/engine-watch.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { describeError } from '../../shared/process/errors.ts'
import { reasonsOf } from '../../shared/process/health/reason.ts'
import { MAX_UIDS, type Metrics } from '../../shared/process/metrics/create-metrics.ts'
import { processSeries } from '../../shared/process/metrics/process-series.ts'
import type { Watched } from '../../shared/process/status/start-status.ts'
import { VERSION } from '../../shared/process/version.ts'
import { frameSeries } from '../../shared/protocol/frame-series.ts'
import { minerSeries } from '../metrics.ts'
import type { MinerBackend } from '../start-backend.ts'
import type { MinerEvents } from './events.ts'
import { MINER_CODES, MINER_RULES, type MinerFacts, payOf } from './readiness.ts'
import { createRowMemory, recallRows } from './row-memory.ts'
import type { MinerStatus, ReceiptStatus } from './status.ts'
import { minerPoints, minerView } from './view.ts'

export interface MinerWatchParts {
  readonly metrics: Metrics
  readonly chain: ChainWatch
  readonly writesStopped: () => string | undefined
  readonly hotkey: string
  readonly netuid: number
  readonly backend: MinerBackend
  /** The running miner, once it runs. */
  readonly miner: () =>
    | { connections(): number; readonly address: { readonly ip: string; readonly port: number } | undefined }
    | undefined
  readonly stateFolder: string
  readonly clock: Clock
}

/** What is known of a running miner, by what it told and by what can be read of it. */
export interface MinerWatch extends Watched {
  readonly events: MinerEvents
}

export function watchMiner(parts: MinerWatchParts): MinerWatch {
  const { metrics, chain, hotkey, netuid, backend, clock } = parts
  const startedAt = clock.monotonic()
  const series = minerSeries(metrics)
  const ofProcess = processSeries(metrics, 'miner', MINER_CODES)
  chainSeries(metrics, chain)
  const engines = watchEngines([backend], clock)
  engineSeries(metrics, engines)
  const memory = createRowMemory()
  recallRows(memory, parts.stateFolder)

  let unsaved: string | undefined
  let connectedAt = startedAt
  const totals = { answered: 0, refused: 0, tokens: 0 }
  let before = { ...totals, at: startedAt }
  let rates = { answeredPerMinute: 0, refusedPerMinute: 0, tokensPerSecond: 0 }

  const ownNeuron = () => chain.metagraph()?.neurons.find((neuron) => neuron.hotkey === hotkey)
  const facts = (): MinerFacts => {
    const sessions = parts.miner()?.connections() ?? 0
    if (sessions > 0) connectedAt = clock.monotonic()
    const own = ownNeuron()
    const address = parts.miner()?.address
    return {
      headAgeSeconds: chain.head().ageSeconds,
      writesStopped: parts.writesStopped(),
      isRegistered: chain.metagraph() === undefined ? undefined : own !== undefined,
      isAddressOnChain: address && own?.axon?.ip === address.ip && own.axon.port === address.port,
      engines: engines.facts(),
      sessions,
      secondsAlone: (clock.monotonic() - connectedAt) / 1000,
      unsaved,
    }
  }
  const receipts = (): ReceiptStatus[] => {
    const uids = new Map(chain.metagraph()?.neurons.map((neuron) => [neuron.hotkey, neuron.uid]))
    const newest = memory.validators().flatMap((validator) => {
      const last = memory.rows(validator).at(-1)
      if (last === undefined) return []
      return [{ ...last.row, validator, validatorUid: uids.get(validator) ?? null, round: last.round }]
    })
    return newest.sort((a, b) => b.round - a.round || (a.validator < b.validator ? -1 : 1))
  }
  const status = (): MinerStatus => {
    const known = facts()
    const why = reasonsOf(known, MINER_RULES)
    const { block, ageSeconds } = chain.head()
    const metagraph = chain.metagraph()
    const own = ownNeuron()
    const [engine] = engines.readings()
    const { name, hash, executionClass, level } = backend.model
    return {
      ...{ program: 'miner', version: VERSION, hotkey, netuid, uid: own?.uid ?? null },
      upSeconds: Math.round((clock.monotonic() - startedAt) / 1000),
      ...{ ready: why.length === 0, reasons: why },
      chain: {
        endpoint: chain.endpoint() ?? null,
        block: block ?? null,
        headAgeSeconds: ageSeconds,
        switches: chain.switches(),
      },
      model: { name, hash, executionClass, level },
      axon: parts.miner()?.address ?? null,
      sessions: known.sessions,
      engine: {
        alive: engine?.alive ?? false,
        restarts: engine?.restarts ?? 0,
        queue: engine?.stats?.queue ?? null,
        active: engine?.stats?.active ?? null,
      },
      requests: { answered: totals.answered, refused: totals.refused },
      tokens: { total: totals.tokens, perSecond: rates.tokensPerSecond },
      pay: metagraph === undefined || own === undefined ? null : payOf(metagraph, own),
      unsaved: unsaved ?? null,
      receipts: receipts(),
    }
  }

  metrics.onScrape(() => {
    const { sessions, pay, reasons, receipts: newest } = status()
    ofProcess.show(reasons)
    series.sessions.set(sessions)
    series.pay.incentive.set(pay?.incentive ?? Number.NaN)
    series.pay.emission.set(pay?.emissionRao ?? Number.NaN)
    series.pay.rank.set(pay?.rank ?? Number.NaN)
    const { round, score, answers, reasons: whys } = series.receipts
    for (const gauge of [round, score, answers, whys]) gauge.reset()
    for (const one of newest) {
      if (one.validatorUid === null || one.validatorUid >= MAX_UIDS) continue
      const of = { validator: one.validatorUid }
      round.set(of, one.round)
      score.set(of, one.score)
      whys.set(of, one.reasons.length)
      for (const result of ['accepted', 'rejected', 'inconclusive', 'missed', 'refused'] as const)
        answers.set({ ...of, result }, one[result])
    }
  })

  return {
    metrics,
    reasons: () => reasonsOf(facts(), MINER_RULES),
    status,
    view: () => minerView(status(), memory),
    points: () => minerPoints(status(), rates),
    headAgeSeconds: () => chain.head().ageSeconds,
    async look() {
      await engines.look()
      const seconds = Math.max(0.001, (clock.monotonic() - before.at) / 1000)
      rates = {
        answeredPerMinute: (60 * (totals.answered - before.answered)) / seconds,
        refusedPerMinute: (60 * (totals.refused - before.refused)) / seconds,
        tokensPerSecond: (totals.tokens - before.tokens) / seconds,
      }
      before = { ...totals, at: clock.monotonic() }
    },
    events: {
      onFrame: frameSeries(metrics),
      onRequest({ type, result, seconds }) {
        if (result === 'answered') totals.answered++
        else totals.refused++
        series.requests.seconds.observe({ type }, seconds)
        series.requests.results.inc({ type, result })
      },
      onAnswer(tokens, seconds) {
        totals.tokens += tokens
        series.answers.tokens.inc(tokens)
        series.answers.seconds.observe(seconds)
      },
      onRow(validator, round, row) {
        memory.add(validator, round, row)
        series.receipts.count.inc()
      },
      onTrouble(error) {
        unsaved = error === undefined ? undefined : describeError(error)
        if (error !== undefined) series.receipts.failures.inc()
      },
    },
  }
}
