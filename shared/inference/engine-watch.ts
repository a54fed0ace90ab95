import type { Clock } from '../process/clock.ts'
import type { EngineFact } from '../process/health/rules.ts'
import { type Metrics, readTotal } from '../process/metrics/create-metrics.ts'
import type { Backend, EngineStats } from './engine.ts'

/** Engines as they were when they were last looked at. */
export interface EngineWatch {
  /** Asks every engine how it is. An engine that does not answer within the deadline is shown as it was before. */
  look(): Promise<void>
  facts(): readonly EngineFact[]
  readings(): readonly EngineReading[]
}

export interface EngineReading extends EngineFact {
  readonly model: string
  readonly executionClass: string
  readonly alive: boolean
  readonly restarts: number
  /** Undefined for a server elsewhere, which does not say. */
  readonly stats: EngineStats | undefined
  /** Since the look before; undefined where there are no stats. */
  readonly tokensPerSecond: number | undefined
}

type Watched = Backend & { readonly stats?: () => Promise<EngineStats> }

/** How long an engine may take to say how it is, in milliseconds: it says so between two steps. */
const STATS_MS = 1_000

export function watchEngines(engines: readonly Watched[], clock: Clock): EngineWatch {
  const looks = engines.map((engine) => startLook(engine, clock))
  return {
    async look() {
      await Promise.all(looks.map((one) => one.look()))
    },
    facts: () => looks.map((one) => one.reading()),
    readings: () => looks.map((one) => one.reading()),
  }
}

function startLook(engine: Watched, clock: Clock) {
  const { name, executionClass } = engine.model
  let stats: EngineStats | undefined
  let readAt = clock.monotonic()
  let tokensPerSecond: number | undefined
  let aliveAt = clock.monotonic()
  let asking: Promise<void> | undefined

  const ask = async () => {
    const read = await engine.stats?.()
    const now = clock.monotonic()
    if (read !== undefined && stats !== undefined && now > readAt) {
      // A child that was started anew counts from 0.
      const tokens = Math.max(0, read.decodedTokens - stats.decodedTokens)
      tokensPerSecond = (1000 * tokens) / (now - readAt)
    }
    stats = read
    readAt = now
  }
  return {
    async look() {
      // One question at a time: a hung engine must not gather them.
      asking ??= ask()
        .catch(() => {})
        .finally(() => {
          asking = undefined
        })
      await withDeadline(asking, STATS_MS)
    },
    reading(): EngineReading {
      const { alive, restarts } = engine.health()
      if (alive) aliveAt = clock.monotonic()
      return {
        ...{ name: `${name} in ${executionClass}`, model: name, executionClass, alive, restarts, stats },
        downSeconds: (clock.monotonic() - aliveAt) / 1000,
        tokensPerSecond: alive ? tokensPerSecond : 0,
      }
    },
  }
}

async function withDeadline(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

/** Engines, read when Prometheus asks. The labels are the operator's own models, a handful. */
export function engineSeries(metrics: Metrics, watch: EngineWatch): void {
  const labels = {
    model: 'name of a model that this program holds',
    class: 'execution class that it is held in',
  }
  const up = metrics.gauge({
    name: 'starling_engine_up',
    help: '1 while the engine’s process answers',
    labels,
  })
  const restarts = metrics.counter({
    name: 'starling_engine_restarts_total',
    help: 'Times that the engine’s process was started anew',
    labels,
  })
  const queue = metrics.gauge({
    name: 'starling_engine_queue_requests',
    help: 'Generations that wait for a slot',
    labels,
  })
  const active = metrics.gauge({
    name: 'starling_engine_batch_requests',
    help: 'Generations that are decoded together now',
    labels,
  })
  const decoded = metrics.counter({
    name: 'starling_engine_decoded_tokens_total',
    help: 'Tokens written since the engine’s process started',
    labels,
  })
  const prefilled = metrics.counter({
    name: 'starling_engine_prefilled_tokens_total',
    help: 'Tokens read of prompts and of whole sequences',
    labels,
  })
  const steps = metrics.counter({
    name: 'starling_engine_steps_total',
    help: 'Decode steps, each over every running answer',
    labels,
  })
  const busy = metrics.counter({
    name: 'starling_engine_native_seconds_total',
    help: 'Time within native calls',
    labels,
  })
  const memory = metrics.gauge({
    name: 'starling_engine_resident_bytes',
    help: 'Memory of the engine’s process',
    labels,
  })
  metrics.onScrape(async () => {
    await watch.look()
    for (const { model, executionClass, alive, restarts: count, stats } of watch.readings()) {
      const of = { model, class: executionClass }
      up.set(of, alive ? 1 : 0)
      readTotal(restarts, of, count)
      if (stats === undefined) continue
      queue.set(of, stats.queue)
      active.set(of, stats.active)
      readTotal(decoded, of, stats.decodedTokens)
      readTotal(prefilled, of, stats.prefilledTokens)
      readTotal(steps, of, stats.steps)
      readTotal(busy, of, stats.runMs / 1000)
      memory.set(of, stats.rssBytes)
    }
  })
}
