import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import { createRuntimeEpoch, type RuntimeEpoch } from '../../../shared/consensus/yuma/runtime-epoch.ts'
import type { Bar, Report, Suite, SuiteOptions, SuiteResult } from '../suite.ts'
import { compareRandomSubnets } from './compare.ts'
import { checkEpochVector } from './epoch-vectors.ts'
import { checkMathVector } from './math-vectors.ts'
import { readVectors, type Vectors } from './read-vectors.ts'
import { FULL, QUICK } from './sample-sizes.ts'
import { runScenario } from './scenario.ts'
import { measureSpeed } from './speed.ts'

/** Consensus: what the vectors and the runtime say of the TypeScript epoch, and how fast both are. */
export const yumaSuite: Suite = {
  async run(options, report) {
    const { wasm, manifest } = await readRuntime()
    const runtime = createRuntimeEpoch(wasm)
    try {
      const { raw, bars } =
        options.scenario === undefined
          ? await measure(runtime, options, report)
          : await runScenario(runtime, options.scenario)
      return { raw: { runtime: manifest, ...raw }, bars }
    } finally {
      await runtime.close()
    }
  },
}

async function measure(runtime: RuntimeEpoch, { quick, seed, now }: SuiteOptions, report: Report) {
  const sizes = quick ? QUICK : FULL
  const vectors = await checkVectors(runtime, await readVectors(), report)
  const sample = { seed, count: sizes.subnets, largeEvery: sizes.largeEvery }
  const subnets = await compareRandomSubnets(runtime, sample, report)
  const { speeds, bars } = await measureSpeed(runtime, { seed, sizes, now }, report)
  const equal = subnets.filter(({ differing }) => differing.length === 0).length
  const earning = subnets.filter(({ dividends, differing }) => dividends && differing.length === 0).length
  return {
    raw: { vectors, subnets, speeds },
    bars: [
      ...vectorBars(vectors),
      {
        name: 'random.equal',
        value: equal,
        unit: 'subnets',
        note: `equal in every output; ${earning} of them paid dividends`,
      },
      { name: 'random.total', value: subnets.length, unit: 'subnets' },
      ...bars,
    ],
  } satisfies SuiteResult
}

interface VectorOutcome {
  readonly name: string
  readonly source: string
  readonly tolerance: number
  /** Absent where the runtime has no such function. */
  readonly runtime?: readonly string[]
  readonly typescript: readonly string[]
}

async function checkVectors(
  runtime: RuntimeEpoch,
  { epochs, math }: Vectors,
  report: Report,
): Promise<VectorOutcome[]> {
  const outcomes: VectorOutcome[] = math.map((vector) => ({
    name: vector.name,
    source: vector.source,
    tolerance: vector.tolerance,
    typescript: checkMathVector(vector),
  }))
  for (const [index, vector] of epochs.entries()) {
    report('vectors', index, epochs.length)
    const { name, source, tolerance } = vector
    const typescript = (await checkEpochVector(vector, runEpoch)).differences
    const theirs = (await checkEpochVector(vector, (input) => runtime.run(input))).differences
    outcomes.push({ name, source, tolerance, typescript, runtime: theirs })
  }
  return outcomes
}

function vectorBars(outcomes: readonly VectorOutcome[]): Bar[] {
  const passed = outcomes.filter(({ typescript }) => typescript.length === 0)
  const inRuntime = outcomes.filter(({ runtime }) => runtime !== undefined)
  const exact = outcomes.filter(({ tolerance }) => tolerance === 0).length
  return [
    { name: 'vectors.passed', value: passed.length, unit: 'vectors', note: 'in TypeScript' },
    {
      name: 'vectors.total',
      value: outcomes.length,
      unit: 'vectors',
      note: `${exact} without any tolerance`,
    },
    {
      name: 'vectors.runtime.passed',
      value: inRuntime.filter(({ runtime }) => runtime?.length === 0).length,
      unit: 'vectors',
    },
    {
      name: 'vectors.runtime.total',
      value: inRuntime.length,
      unit: 'vectors',
      note: 'epochs; the rest is mathematics',
    },
  ]
}
