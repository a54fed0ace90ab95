import { seededRandom } from '../../../shared/inference/random.ts'
import { quantile } from '../devnet/quantile.ts'
import type { Bar } from '../suite.ts'
import { median } from '../timing.ts'
import { type Context, type Part, withEngine } from './context.ts'
import { type Kill, killUnderLoad } from './kill.ts'
import { drawArrivals, measureCapacity, type Served, serveArrivals } from './load.ts'
import { countSameTokens } from './same-tokens.ts'

const SLOTS = 16
/** Shares of the capacity. */
const LOADS = [0.5, 0.8]
/** A load near the capacity has queues; refusals would hide them. */
const MAX_QUEUE = 10_000
/** What a restart may take. */
const RESTART_MS = 2_000

/** How `base` serves: under load, and when its process is killed. */
export async function measureService(context: Context): Promise<Part> {
  const { models, sizes, seed, now, report } = context
  const random = seededRandom(seed)
  const use = { inFlight: SLOTS, durationMs: sizes.capacityMs, random }
  return withEngine(
    context,
    models.base.speedFolder,
    async (engine) => {
      report('service', 0, 3)
      const capacity = await measureCapacity(engine, use, now)
      const bars: Bar[] = [
        {
          name: 'base.capacity',
          value: capacity,
          unit: 'requests/s',
          note: `${SLOTS} in flight; prompts of 32 to 256 tokens, answers of 32 to 128`,
        },
      ]
      const loads: Record<string, readonly Served[]> = {}
      for (const [index, share] of LOADS.entries()) {
        report('service', index + 1, LOADS.length + 1)
        const arrivals = drawArrivals(random, capacity * share, sizes.loadMs)
        const name = `load${share * 100}`
        loads[name] = await serveArrivals(engine, arrivals, random, now)
        bars.push(...loadBars(name, loads[name]))
      }
      const kills: Kill[] = []
      for (let kill = 0; kill < sizes.kills; kill++) {
        report('kills', kill, sizes.kills)
        kills.push(await killUnderLoad(engine, SLOTS, random, now))
      }
      return { raw: { capacity, loads, kills }, bars: [...bars, ...killBars(kills)] }
    },
    { maxQueue: MAX_QUEUE },
  )
}

/** Whether the tokens of `small` depend on what else the engine does. */
export async function measureSameTokens(context: Context): Promise<Part> {
  const { models, sizes, seed, report } = context
  const requests = sizes.sameRequests
  const { trained, speedFolder } = models.small
  const same = await withEngine(context, trained?.folder ?? speedFolder, (engine) =>
    countSameTokens(engine, { requests, inFlight: SLOTS, random: seededRandom(seed) }, (done) =>
      report('equal tokens', done, 2 * requests),
    ),
  )
  const note = `small: each alone, and again in a shuffled load of ${SLOTS}`
  return {
    raw: { same: { requests, same } },
    bars: [{ name: 'tokens.same', value: same, unit: `of ${requests}`, floor: requests, note }],
  }
}

function loadBars(name: string, served: readonly Served[]): Bar[] {
  const answered = served.flatMap(({ firstMs }) => firstMs ?? [])
  const gaps = served.flatMap(({ gapsMs }) => gapsMs)
  const note = `${answered.length} of ${served.length} requests answered`
  return [
    { name: `${name}.ttft.p50`, value: quantile(answered, 0.5), unit: 'ms', note },
    { name: `${name}.ttft.p95`, value: quantile(answered, 0.95), unit: 'ms' },
    { name: `${name}.interToken.p50`, value: quantile(gaps, 0.5), unit: 'ms' },
    { name: `${name}.interToken.p95`, value: quantile(gaps, 0.95), unit: 'ms' },
  ]
}

function killBars(kills: readonly Kill[]): Bar[] {
  const outcomes = kills.flatMap((kill) => kill.outcomes)
  const failed = outcomes.filter((outcome) => outcome === 'ENGINE_CRASHED').length
  return [
    {
      name: 'restart.ms',
      value: median(kills.map(({ resumedMs }) => resumedMs)),
      unit: 'ms',
      note: `from kill -9 to the next answer, median of ${kills.length}; ${RESTART_MS} at most`,
    },
    {
      name: 'restart.failed',
      value: failed,
      unit: `of ${outcomes.length}`,
      note: 'in flight, each with ENGINE_CRASHED',
    },
  ]
}
