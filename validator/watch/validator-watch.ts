import type { Metagraph } from '../../shared/chain/chain-client.ts'
import { chainSeries } from '../../shared/chain/chain-series.ts'
import type { ChainWatch } from '../../shared/chain/watch-chain.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import { engineSeries, watchEngines } from '../../shared/inference/engine-watch.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { describeError } from '../../shared/process/errors.ts'
import { reasonsOf } from '../../shared/process/health/reason.ts'
import { MAX_UIDS, type Metrics } from '../../shared/process/metrics/create-metrics.ts'
import { processSeries } from '../../shared/process/metrics/process-series.ts'
import type { Watched } from '../../shared/process/status/start-status.ts'
import { VERSION } from '../../shared/process/version.ts'
import { frameSeries } from '../../shared/protocol/frame-series.ts'
import type { Session } from '../../shared/protocol/session.ts'
import { ANSWER_RESULTS, validatorSeries } from '../metrics.ts'
import type { ScoreBook } from '../scoring/score-book.ts'
import type { ScoreParts } from '../scoring/score-parts.ts'
import type { RoundPhase, ValidatorEvents } from './events.ts'
import { readMiners } from './read-miners.ts'
import {
  standingOf,
  VALIDATOR_CODES,
  VALIDATOR_RULES,
  type ValidatorFacts,
  weightsLimit,
} from './readiness.ts'
import { REMEMBERED_ROUNDS, type SeenRound, seenRound } from './round-memory.ts'
import type { MinerStatus, ValidatorStatus } from './status.ts'
import { validatorPoints, validatorView } from './view.ts'

export interface ValidatorWatchParts {
  readonly metrics: Metrics
  readonly chain: ChainWatch
  readonly writesStopped: () => string | undefined
  readonly hotkey: string
  readonly netuid: number
  readonly engines: readonly Engine[]
  readonly roundBlocks: number
  readonly book: () => ScoreBook
  readonly scores: (metagraph: Metagraph) => Readonly<Record<string, ScoreParts>>
  /** Connections that stand now. */
  readonly sessions: () => readonly Session[]
  /** Size of the state folder's files, bytes. */
  readonly stateBytes: () => number
  readonly clock: Clock
}

/** What is known of a running validator, by what it told and by what can be read of it. */
export interface ValidatorWatch extends Watched {
  readonly events: ValidatorEvents
  /** Told of every write of state that fails, and with undefined once all is on disk again. */
  onTrouble(error: unknown): void
}

export function watchValidator(parts: ValidatorWatchParts): ValidatorWatch {
  const { metrics, chain, hotkey, netuid, clock } = parts
  const startedAt = clock.monotonic()
  const series = validatorSeries(metrics)
  const ofProcess = processSeries(metrics, 'validator', VALIDATOR_CODES)
  chainSeries(metrics, chain)
  const engines = watchEngines(parts.engines, clock)
  engineSeries(metrics, engines)

  const rounds: SeenRound[] = []
  let phases: Partial<Record<RoundPhase, number>> = {}
  let unsaved: string | undefined
  let connectedAt = startedAt
  let scored: { round: number; block: number; scores: Readonly<Record<string, ScoreParts>> } | undefined

  /** Worked out anew only after a round, or when the metagraph is a newer one. */
  const scores = (metagraph: Metagraph) => {
    const { round } = parts.book()
    if (scored?.round !== round || scored.block !== metagraph.block)
      scored = { round, block: metagraph.block, scores: parts.scores(metagraph) }
    return scored.scores
  }
  const miners = (): MinerStatus[] => {
    const metagraph = chain.metagraph()
    if (metagraph === undefined) return []
    return readMiners(metagraph, parts.book(), scores(metagraph), parts.sessions())
  }
  const facts = (): ValidatorFacts => {
    const { block, ageSeconds } = chain.head()
    const rules = chain.hyperparameters()
    const sessions = parts.sessions().length
    if (sessions > 0) connectedAt = clock.monotonic()
    return {
      headAgeSeconds: ageSeconds,
      writesStopped: parts.writesStopped(),
      engines: engines.facts(),
      sessions,
      secondsAlone: (clock.monotonic() - connectedAt) / 1000,
      unsaved,
      ...standingOf(chain.metagraph(), hotkey, block),
      weightsLimitBlocks: rules && weightsLimit(rules, parts.roundBlocks),
    }
  }
  const reasons = () => reasonsOf(facts(), VALIDATOR_RULES)

  const status = (): ValidatorStatus => {
    const known = facts()
    const { block, ageSeconds } = chain.head()
    const metagraph = chain.metagraph()
    const why = reasonsOf(known, VALIDATOR_RULES)
    const last = rounds.at(-1)
    return {
      ...{ program: 'validator', version: VERSION, hotkey, netuid },
      uid: metagraph?.neurons.find((neuron) => neuron.hotkey === hotkey)?.uid ?? null,
      upSeconds: Math.round((clock.monotonic() - startedAt) / 1000),
      ...{ ready: why.length === 0, reasons: why },
      chain: {
        endpoint: chain.endpoint() ?? null,
        block: block ?? null,
        headAgeSeconds: ageSeconds,
        switches: chain.switches(),
      },
      weights: {
        ageBlocks: known.weightsAgeBlocks ?? null,
        limitBlocks: known.weightsLimitBlocks ?? null,
      },
      round: last === undefined ? null : { number: last.round, seconds: last.seconds },
      sessions: known.sessions,
      engines: engines
        .readings()
        .map(({ model, executionClass, alive, restarts, stats, tokensPerSecond }) => ({
          ...{ model, executionClass, alive, restarts },
          queue: stats?.queue ?? null,
          active: stats?.active ?? null,
          tokensPerSecond: tokensPerSecond ?? null,
        })),
      stateBytes: parts.stateBytes(),
      unsaved: unsaved ?? null,
      miners: miners(),
    }
  }

  metrics.onScrape(() => {
    const known = facts()
    ofProcess.show(reasonsOf(known, VALIDATOR_RULES))
    series.round.settled.set(parts.book().round)
    series.sessions.set(known.sessions)
    series.weights.age.set(known.weightsAgeBlocks ?? Number.NaN)
    series.weights.limit.set(known.weightsLimitBlocks ?? Number.NaN)
    series.state.bytes.set(parts.stateBytes())
    // Whoever left the subnet leaves the series, too.
    for (const gauge of Object.values(series.miner)) gauge.reset()
    for (const { uid, score, rank, evidence, pingMs } of miners()) {
      if (uid >= MAX_UIDS) continue
      series.miner.score.set({ uid }, score)
      if (rank !== null) series.miner.rank.set({ uid }, rank)
      series.miner.evidence.set({ uid }, evidence)
      if (pingMs !== null) series.miner.ping.set({ uid }, pingMs / 1000)
    }
  })

  return {
    metrics,
    reasons,
    status,
    view: () => validatorView(status(), rounds),
    points: () => validatorPoints(status()),
    look: () => engines.look(),
    headAgeSeconds: () => chain.head().ageSeconds,
    onTrouble(error) {
      unsaved = error === undefined ? undefined : describeError(error)
      if (error !== undefined) series.state.failures.inc()
    },
    events: {
      onFrame: frameSeries(metrics),
      onPhase(phase, seconds) {
        // A round that was given up left its phases behind.
        if (phase === 'commit') phases = {}
        phases[phase] = seconds
        series.round.phases.observe({ phase }, seconds)
      },
      onRound(entry) {
        const metagraph = chain.metagraph()
        const all = metagraph === undefined ? {} : scores(metagraph)
        const byHotkey = new Map(Object.entries(all).map(([key, { score }]) => [key, score]))
        const seen = seenRound(entry, phases, byHotkey)
        rounds.push(seen)
        if (rounds.length > REMEMBERED_ROUNDS) rounds.shift()
        series.round.outcomes.inc({ result: 'settled' })
        for (const result of ANSWER_RESULTS) series.round.answers.inc({ result }, seen.answers[result])
        series.round.judges.set({ state: 'asked' }, seen.judges.asked)
        series.round.judges.set({ state: 'delivered' }, seen.judges.delivered)
        for (const check of ['delivered', 'replayed', 'mismatched'] as const)
          series.round.verdicts.inc({ check }, seen.verdicts[check])
      },
      onLostRound(how) {
        series.round.outcomes.inc({ result: how })
      },
      onWeights(entry) {
        const step =
          entry.kind === 'weights-intent' ? 'intent' : entry.kind === 'weights' ? 'in_block' : entry.outcome
        series.weights.steps.inc({ step })
      },
      onAsked({ type, result, seconds, refusal }) {
        series.requests.seconds.observe({ type, result }, seconds)
        if (refusal !== undefined) series.requests.refusals.inc({ code: refusal })
      },
    },
  }
}
