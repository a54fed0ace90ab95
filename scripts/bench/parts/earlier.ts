import { StarlingError } from '../../../shared/process/errors.ts'

/**
 * What earlier parts of the same run left.
 * @param raw of the file that is written to
 * @param isSame whether that is the run that goes on
 * @param what the run that goes on, as a reader calls it
 * @throws StarlingError BENCH_PARTS where it holds another run
 */
export function earlierRun<Run>(raw: unknown, isSame: (earlier: Partial<Run>) => boolean, what: string): Run {
  const earlier = raw as Run
  if (typeof raw === 'object' && raw !== null && isSame(earlier)) return earlier
  throw new StarlingError(
    'BENCH_PARTS',
    `the file holds other results: it is not a run of ${what}`,
    'write to another file',
  )
}

/** @throws StarlingError BENCH_PARTS where parts failed */
export function requireAll(failed: Readonly<Record<string, string>>): void {
  const failures = Object.entries(failed)
  if (failures.length === 0) return
  const what = failures.map(([name, why]) => `${name}: ${why}`).join('; ')
  throw new StarlingError('BENCH_PARTS', `parts failed: ${what}`, 'run them again with --only')
}
