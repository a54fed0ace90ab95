import { readModelInfo } from '../../../shared/inference/model/folder.ts'
import { earlierRun } from '../parts/earlier.ts'
import { partsNamed as namedOf } from '../parts/part-names.ts'
import { type PartsRun, runParts as runAll } from '../parts/run-parts.ts'
import type { Context, Part } from './context.ts'
import { PART_NAMES, PARTS, type PartName } from './parts.ts'
import type { PartResult } from './results.ts'

/** Everything that was measured of one model; parts may have been measured one by one. */
export interface VerifyResults extends PartsRun<PartName, PartResult> {
  readonly model: { readonly name: string; readonly hash: string }
  readonly quick: boolean
  readonly seed: number
}

/** Runs parts after what was measured `before`; results are handed to `save` after every one. */
export async function runParts(
  context: Context,
  names: readonly PartName[],
  before: VerifyResults,
  save: (results: VerifyResults) => Promise<void>,
  parts: Readonly<Record<PartName, Part>> = PARTS,
): Promise<VerifyResults> {
  const run = await runAll(parts, context, names, before, (some) => save({ ...before, ...some }))
  return { ...before, ...run }
}

/** Nothing measured yet. */
export async function noResults(
  modelFolder: string,
  { quick, seed }: Pick<VerifyResults, 'quick' | 'seed'>,
): Promise<VerifyResults> {
  const { name, hash } = await readModelInfo(modelFolder)
  return { model: { name, hash }, quick, seed, parts: {}, failed: {} }
}

/**
 * What earlier parts of the same run left.
 * @throws StarlingError BENCH_PARTS where the file holds another run
 */
export function earlierResults(raw: unknown, { model, quick, seed }: VerifyResults): VerifyResults {
  return earlierRun<VerifyResults>(
    raw,
    (earlier) => earlier.model?.hash === model.hash && earlier.quick === quick && earlier.seed === seed,
    `${model.name} with seed ${seed}${quick ? ' and --quick' : ''}`,
  )
}

/** @throws StarlingError BENCH_PARTS for a part that does not exist */
export function partsNamed(only: readonly string[] | undefined): readonly PartName[] {
  return namedOf('verify', PART_NAMES, only)
}
