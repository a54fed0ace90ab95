import type { Engine } from '../../../shared/inference/engine.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Bar } from '../suite.ts'
import { median } from '../timing.ts'
import { type Context, type Part, withEngine } from './context.ts'
import { type DecodeWindow, decodeWindows } from './decode.ts'
import { decodeWork, floorMs, type MachineRates, prefillWork } from './floor.ts'
import { better, measureRates } from './machine-rates.ts'
import type { BenchModel } from './models.ts'
import { type PrefillRun, prefillRuns } from './prefill.ts'
import { NEW_TOKENS, PROMPT_TOKENS } from './requests.ts'

/** Room for one token is left in a context of 512. */
const LONG_PROMPT = 511
/** Positions that a sequence holds in the middle of its answer. */
const MEAN_LENGTH = PROMPT_TOKENS + NEW_TOKENS / 2
const MB = 1e6

/** Decoding and reading of `base` and `small`, beside what the machine allows. */
export async function measureSpeed(context: Context): Promise<Part> {
  const { models, now } = context
  const base = await measureModel(context, models.base, [1, 4, 16])
  const small = await measureModel(context, models.small, [1, 16])
  const wide = await withEngine(
    context,
    models.base.speedFolder,
    (engine) => measureEngine(context, engine, [32]),
    {
      maxBatch: 32,
    },
  )
  context.report('speed', 3, 3)
  const started = now()
  const startMs = await withEngine(context, models.base.speedFolder, async () => now() - started)
  const of = (windows: readonly DecodeWindow[], value: (window: DecodeWindow) => number) =>
    median(windows.map(value))
  const busiest = base.decode.get(16)!
  const b16 = perSecond(busiest)
  const b1 = perSecond(base.decode.get(1)!)
  const bars: Bar[] = [
    ...decodeBars('small', models.small, small.rates, small.decode),
    ...decodeBars('base', models.base, base.rates, new Map([...base.decode, ...wide.decode])),
    {
      name: 'base.decode.gain',
      value: b16 / b1,
      unit: 'ratio',
      note: 'tokens/s, 16 answers at once over one',
    },
    ...prefillBars(models.base, base.rates, base.long, new Map([...base.prefill, ...wide.prefill])),
    {
      name: 'scheduler.share',
      value: of(busiest, ({ runMs, stepMs }) => 1 - runMs / stepMs),
      unit: 'of a turn',
      note: 'outside of native calls, base at 16',
    },
    {
      name: 'engine.rss',
      value: base.rss / MB,
      unit: 'MB',
      note: 'process of the engine, base, after the above',
    },
    { name: 'engine.start', value: startMs, unit: 'ms', note: 'base: from the call until it takes requests' },
    { name: 'machine.products', value: base.rates.flopsPerMs / 1e6, unit: 'GFLOP/s', note: 'shapes of base' },
    {
      name: 'machine.reads',
      value: base.rates.bytesPerMs / 1e6,
      unit: 'GB/s',
      note: 'as many bytes as base has',
    },
  ]
  return { raw: { speed: { base: rawOf(base), small: rawOf(small), wide: rawOf(wide), startMs } }, bars }
}

async function measureModel(context: Context, model: BenchModel, batches: readonly number[]) {
  const { threads, sizes, seed, now, report } = context
  report(`speed of ${model.name}`, 0, 2)
  const options = {
    architecture: model.architecture,
    threads,
    leastMs: sizes.rateMs,
    random: seededRandom(seed),
    now,
  }
  const before = await measureRates(options)
  report(`speed of ${model.name}`, 1, 2)
  const measured = await withEngine(context, model.speedFolder, (engine) =>
    measureEngine(context, engine, batches),
  )
  // Whatever slows the machine down for a while must not lower the floor.
  return { rates: better(before, await measureRates(options)), ...measured }
}

async function measureEngine({ sizes, seed, now }: Context, engine: Engine, batches: readonly number[]) {
  const random = seededRandom(seed)
  const { decodeMs: leastMs, leastWindows, prefillRuns: runs } = sizes
  const decode = await decodeWindows(engine, batches, { leastMs, leastWindows, random, now })
  const prefill = new Map<number, PrefillRun[]>()
  for (const batch of batches) {
    prefill.set(batch, await prefillRuns(engine, { batch, tokens: PROMPT_TOKENS, runs }, random, now))
  }
  const long = await prefillRuns(engine, { batch: 1, tokens: LONG_PROMPT, runs }, random, now)
  return { decode, prefill, long, rss: (await engine.stats()).rssBytes }
}

/** Of the median window. */
export function perSecond(windows: readonly DecodeWindow[]): number {
  return median(windows.map(({ tokens, ms }) => (tokens / ms) * 1_000))
}

function decodeBars(
  name: string,
  { architecture }: BenchModel,
  rates: MachineRates,
  decode: ReadonlyMap<number, readonly DecodeWindow[]>,
): Bar[] {
  return [...decode].flatMap(([batch, windows]) => {
    const least = floorMs(decodeWork(architecture, batch, MEAN_LENGTH), rates)
    const stepMs = median(windows.map(({ ms, steps }) => ms / steps))
    return [
      {
        name: `${name}.decode.b${batch}`,
        value: perSecond(windows),
        unit: 'tokens/s',
        floor: (batch / least) * 1_000,
        note: `${windows.length} windows; floor: what the machine allows`,
      },
      {
        name: `${name}.decode.b${batch}.overFloor`,
        value: stepMs / least,
        unit: 'ratio',
        note: `a step takes ${stepMs.toFixed(3)} ms, at least ${least.toFixed(3)}: ${(least / stepMs).toFixed(2)} of the floor`,
      },
    ]
  })
}

function prefillBars(
  { architecture }: BenchModel,
  rates: MachineRates,
  long: readonly PrefillRun[],
  prefill: ReadonlyMap<number, readonly PrefillRun[]>,
): Bar[] {
  const runMs = median(long.map((run) => run.runMs))
  const least = floorMs(prefillWork(architecture, LONG_PROMPT), rates)
  return [
    {
      name: 'base.prefill.512',
      value: runMs,
      unit: 'ms',
      floor: least,
      note: `${LONG_PROMPT} tokens read and one sampled; ${median(long.map(({ ms }) => ms)).toFixed(1)} ms to the answer`,
    },
    { name: 'base.prefill.512.overFloor', value: runMs / least, unit: 'ratio' },
    ...[...prefill].map(([batch, runs]) => ({
      name: `base.prefill.b${batch}`,
      value: median(runs.map(({ ms }) => ((batch * PROMPT_TOKENS) / ms) * 1_000)),
      unit: 'tokens/s',
      note: `prompts of ${PROMPT_TOKENS} tokens, until all answers of one token are there`,
    })),
  ]
}

function rawOf(measured: {
  readonly rates?: MachineRates
  readonly decode: ReadonlyMap<number, readonly DecodeWindow[]>
  readonly prefill: ReadonlyMap<number, readonly PrefillRun[]>
  readonly long: readonly PrefillRun[]
}) {
  const { rates, decode, prefill, long } = measured
  return { rates, decode: Object.fromEntries(decode), prefill: Object.fromEntries(prefill), long }
}
