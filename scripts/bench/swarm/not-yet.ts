import { StarlingError } from '../../../shared/process/errors.ts'

/** @throws StarlingError BENCH_PARTS for a part that is not written */
export async function notYet(part: string): Promise<never> {
  throw new StarlingError('BENCH_PARTS', `part ${part} is not written yet`, 'leave it out with --only')
}
