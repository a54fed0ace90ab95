import { isDeepStrictEqual } from 'node:util'
import type { EpochInput, EpochOutput } from '../../../shared/consensus/yuma/epoch-types.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import type { RuntimeEpoch } from '../../../shared/consensus/yuma/runtime-epoch.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import type { Report } from '../suite.ts'
import { randomSubnet } from './random-subnet.ts'

/** How TypeScript and the runtime agreed on one random subnet. */
export interface Comparison {
  readonly index: number
  readonly neurons: number
  readonly yuma3: boolean
  readonly liquidAlpha: boolean
  readonly commitReveal: boolean
  /** False where nobody earned dividends, which says less. */
  readonly dividends: boolean
  /** Outputs that differ, or `trapped` where the runtime panicked. Empty when all are equal. */
  readonly differing: readonly string[]
}

const LARGE = 256

/** Runs `count` random subnets in TypeScript and in the runtime. */
export async function compareRandomSubnets(
  runtime: RuntimeEpoch,
  { seed, count, largeEvery }: { seed: number; count: number; largeEvery: number },
  report: Report,
): Promise<Comparison[]> {
  const random = seededRandom(seed)
  const comparisons: Comparison[] = []
  for (let index = 0; index < count; index++) {
    report('random subnets', index, count)
    const neurons = index % largeEvery === largeEvery - 1 ? LARGE : 2 + below(random, 63)
    const input = randomSubnet(random, neurons)
    const output = runEpoch(input)
    comparisons.push({
      index,
      neurons,
      yuma3: input.yuma3,
      liquidAlpha: input.liquidAlpha !== undefined,
      commitReveal: input.firstCommitBlock.length > 0,
      dividends: output.dividends.some((share) => share > 0),
      differing: await differingFields(runtime, input, output),
    })
  }
  return comparisons
}

async function differingFields(
  runtime: RuntimeEpoch,
  input: EpochInput,
  output: EpochOutput,
): Promise<string[]> {
  try {
    const theirs = await runtime.run(input)
    const fields = Object.keys(output) as (keyof EpochOutput)[]
    return fields.filter((field) => !isDeepStrictEqual(output[field], theirs[field]))
  } catch (error) {
    if (hasCode(error, 'RUNTIME_TRAPPED')) return ['trapped']
    throw error
  }
}
