import { loadavg } from 'node:os'
import { describeError } from '../../../shared/process/errors.ts'

/** What any part of a suite may say of the machine's speed; all else it says must follow from the seed. */
export interface PartOutcome {
  readonly timings?: unknown
}

/** What one part measured, and when. */
export type Measured<Result extends PartOutcome> = Omit<Result, 'timings'> & { readonly timings: PartTimings }

export type PartTimings = Readonly<Record<string, unknown>> & {
  readonly seconds: number
  /** Processes that wanted a core in the minute before it began. */
  readonly loadAverage: number
}

/** Parts that were measured, together or one by one. */
export interface PartsRun<Name extends string, Result extends PartOutcome> {
  readonly parts: Readonly<Partial<Record<Name, Measured<Result>>>>
  /** Why parts have no results, by name. */
  readonly failed: Readonly<Partial<Record<Name, string>>>
}

/**
 * Runs parts one after the other, each with the machine to itself. Results are handed to `save` after every one, and a part that
 * fails takes none of the others' with it.
 */
export async function runParts<
  Name extends string,
  Context extends { now(): number },
  Result extends PartOutcome,
>(
  parts: Readonly<Record<Name, (context: Context) => Promise<Result>>>,
  context: Context,
  names: readonly Name[],
  before: PartsRun<Name, Result>,
  save: (run: PartsRun<Name, Result>) => Promise<void>,
): Promise<PartsRun<Name, Result>> {
  let run = before
  for (const name of names) {
    const [loadAverage, began] = [Number(loadavg()[0]!.toFixed(2)), context.now()]
    const { [name]: _, ...others } = run.failed
    const failed = others as PartsRun<Name, Result>['failed']
    try {
      const { timings, ...measured } = await parts[name](context)
      const seconds = Number(((context.now() - began) / 1_000).toFixed(1))
      const part = { ...measured, timings: { ...(timings ?? {}), seconds, loadAverage } }
      run = { failed, parts: { ...run.parts, [name]: part } }
    } catch (error) {
      run = { ...run, failed: { ...failed, [name]: describeError(error) } }
    }
    await save(run)
  }
  return run
}
