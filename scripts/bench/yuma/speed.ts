import { runReferenceEpoch } from '../../../shared/consensus/yuma/reference/run-epoch.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import type { RuntimeEpoch } from '../../../shared/consensus/yuma/runtime-epoch.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Bar, Report } from '../suite.ts'
import { median, perSecond, type Timings, timeFor, timeRuns } from '../timing.ts'
import type { SampleSizes } from './sample-sizes.ts'
import { typicalSubnet } from './typical-subnet.ts'

const NEURONS = [16, 256, 1_024]
const LIQUID_ALPHA = { alphaLow: 45_875, alphaHigh: 58_982, alphaSigmoidSteepness: 1_000 }

/** One thing that was timed. */
export interface Speed {
  readonly name: string
  readonly neurons: number
  readonly medianMs: number
  /** Milliseconds of each run, in the order in which they ran. */
  readonly ms: Timings
}

/** Epochs per second in TypeScript (fast, Yuma 3, and the plain reference) and in the runtime. */
export async function measureSpeed(
  runtime: RuntimeEpoch,
  { seed, sizes, now }: { seed: number; sizes: SampleSizes; now: () => number },
  report: Report,
): Promise<{ speeds: Speed[]; bars: Bar[] }> {
  const speeds: Speed[] = []
  const bars: Bar[] = []
  const add = (name: string, neurons: number, timings: Timings, more: Partial<Bar>) => {
    speeds.push(summarize(name, neurons, timings))
    bars.push({ name: `${name}.${neurons}`, value: perSecond(timings), unit: 'epochs/s', ...more })
  }
  const subnets = NEURONS.map((neurons) => ({ neurons, input: typicalSubnet(seededRandom(seed), neurons) }))
  const steps = 4 * subnets.length + 1
  let step = 0
  const next = () => report('epochs per second', step++, steps)
  for (const { neurons, input } of subnets) {
    next()
    const timings = await timeFor(sizes.timedMs, now, () => runEpoch(input))
    add('epochsPerSecond', neurons, timings, { note: 'TypeScript, Yuma 2' })
  }
  for (const { neurons, input } of subnets) {
    next()
    const input3 = { ...input, yuma3: true, liquidAlpha: LIQUID_ALPHA }
    const timings = await timeFor(sizes.timedMs, now, () => runEpoch(input3))
    add('epochsPerSecond.yuma3', neurons, timings, { note: 'Yuma 3 with liquid alpha' })
  }
  for (const { neurons, input } of subnets) {
    next()
    const timings = await timeRuns(sizes.runtimeCalls, now, () => runReferenceEpoch(input))
    add('epochsPerSecond.reference', neurons, timings, { note: 'plain big integers, Yuma 2' })
  }
  next()
  const idle = await timeRuns(Math.max(5, sizes.runtimeCalls), now, () => runtime.idle())
  speeds.push(summarize('runtime.idle', 0, idle))
  bars.push({ name: 'runtime.idle', value: median(idle), unit: 'ms', note: 'starts the wasm, does nothing' })
  for (const { neurons, input } of subnets) {
    next()
    const timings = await timeRuns(sizes.runtimeCalls, now, () => runtime.run(input))
    const note = 'wasm, start included; floor: empty calls'
    add('epochsPerSecond.runtime', neurons, timings, { floor: perSecond(idle), note })
  }
  return { speeds, bars }
}

function summarize(name: string, neurons: number, timings: Timings): Speed {
  return { name, neurons, medianMs: median(timings), ms: timings.map((ms) => Number(ms.toFixed(4))) }
}
