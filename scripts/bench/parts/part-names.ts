import { StarlingError } from '../../../shared/process/errors.ts'

/** Measures nothing, so that tables are made anew from what the file holds. */
const NONE = 'none'

/**
 * The parts that `--only` names, in the order in which the suite runs them; all of them where it is left out.
 * @throws StarlingError BENCH_PARTS for a part that does not exist
 */
export function partsNamed<Name extends string>(
  suite: string,
  all: readonly Name[],
  only: readonly string[] | undefined,
): readonly Name[] {
  if (only === undefined) return all
  const stranger = only.find((name) => name !== NONE && !(all as readonly string[]).includes(name))
  if (stranger !== undefined) {
    const names = [...all, NONE].join(', ')
    throw new StarlingError('BENCH_PARTS', `suite ${suite} has no part ${stranger}`, `choose of ${names}`)
  }
  return all.filter((name) => only.includes(name))
}
