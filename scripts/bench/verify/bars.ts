import type { BarRow } from './bar-row.ts'
import { classBars } from './class-bars.ts'
import { CLASSES } from './classes.ts'
import { costBars } from './cost-bars.ts'
import type { VerifyResults } from './run-parts.ts'

/** Every bar that was measured, in the order of the design; one that was not is left out. */
export function barsOf(results: VerifyResults): BarRow[] {
  return [...CLASSES.flatMap(({ name }) => classBars(results, name)), ...costBars(results)]
}
