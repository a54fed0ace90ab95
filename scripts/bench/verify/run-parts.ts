import { loadavg } from 'node:os'
import { readModelInfo } from '../../../shared/inference/model/folder.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import type { Context, Part } from './context.ts'
import { PART_NAMES, PARTS, type PartName } from './parts.ts'
import type { PartResult } from './results.ts'

/** What one part measured, and when. */
export interface MeasuredPart extends PartResult {
  readonly timings: Readonly<Record<string, unknown>> & {
    readonly seconds: number
    /** Processes that wanted a core in the minute before it began. */
    readonly loadAverage: number
  }
}

/** Everything that was measured of one model; parts may have been measured one by one. */
export interface VerifyResults {
  readonly model: { readonly name: string; readonly hash: string }
  readonly quick: boolean
  readonly seed: number
  readonly parts: Readonly<Partial<Record<PartName, MeasuredPart>>>
  /** Why parts have no results, by name. */
  readonly failed: Readonly<Partial<Record<PartName, string>>>
}

/**
 * Runs parts one after the other, each with the machine to itself. Results are handed to `save` after every one, and a part that
 * fails takes none of the others' with it.
 */
export async function runParts(
  context: Context,
  names: readonly PartName[],
  before: VerifyResults,
  save: (results: VerifyResults) => Promise<void>,
  parts: Readonly<Record<PartName, Part>> = PARTS,
): Promise<VerifyResults> {
  let results = before
  for (const name of names) {
    const [loadAverage, began] = [Number(loadavg()[0]!.toFixed(2)), context.now()]
    const { [name]: _, ...failed } = results.failed
    try {
      const part = await parts[name](context)
      const seconds = Number(((context.now() - began) / 1_000).toFixed(1))
      const measured = { ...part, timings: { ...part.timings, seconds, loadAverage } }
      results = { ...results, failed, parts: { ...results.parts, [name]: measured } }
    } catch (error) {
      results = { ...results, failed: { ...failed, [name]: describeError(error) } }
    }
    await save(results)
  }
  return results
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
 * @param raw of the file that is written to
 * @throws StarlingError BENCH_PARTS where it holds another run
 */
export function earlierResults(raw: unknown, empty: VerifyResults): VerifyResults {
  const earlier = raw as VerifyResults
  const isSame =
    earlier.model?.hash === empty.model.hash && earlier.quick === empty.quick && earlier.seed === empty.seed
  if (isSame) return earlier
  const { model, quick, seed } = empty
  const what = `it is not a run of ${model.name} with seed ${seed}${quick ? ' and --quick' : ''}`
  throw new StarlingError('BENCH_PARTS', `the file holds other results: ${what}`, 'write to another file')
}

/** @throws StarlingError BENCH_PARTS for a part that does not exist */
export function partsNamed(only: readonly string[] | undefined): PartName[] {
  if (only === undefined) return PART_NAMES
  const stranger = only.find((name) => name !== NONE && !isPart(name))
  if (stranger !== undefined) {
    const names = [...PART_NAMES, NONE].join(', ')
    throw new StarlingError('BENCH_PARTS', `suite verify has no part ${stranger}`, `choose of ${names}`)
  }
  return PART_NAMES.filter((name) => only.includes(name))
}

/** Measures nothing, so that tables are made anew from what the file holds. */
const NONE = 'none'

const isPart = (name: string): name is PartName => (PART_NAMES as readonly string[]).includes(name)
