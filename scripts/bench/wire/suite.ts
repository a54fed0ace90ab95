import { earlierRun, requireAll } from '../parts/earlier.ts'
import { partsNamed } from '../parts/part-names.ts'
import { type PartsRun, runParts } from '../parts/run-parts.ts'
import type { Suite, SuiteResult } from '../suite.ts'
import type { WirePartResult } from './part.ts'
import { PART_NAMES, PARTS, type PartName } from './parts.ts'
import { FULL, QUICK } from './sizes.ts'
import { tablesOf } from './tables.ts'

/** Everything that was measured; parts may have been measured one by one. */
export interface WireResults extends PartsRun<PartName, WirePartResult> {
  readonly quick: boolean
}

/** The wire: our sessions beside a bare WebSocket, JSON over HTTP and Bittensor's own axon; signatures, memory and latency. */
export const wireSuite: Suite = {
  async run({ quick, seed, now, only, previous, save }, report) {
    const names = partsNamed('wire', PART_NAMES, only)
    const empty: WireResults = { quick, parts: {}, failed: {} }
    const isSame = (earlier: Partial<WireResults>) => earlier.quick === quick && earlier.parts !== undefined
    const what = `suite wire${quick ? ' with --quick' : ''}`
    const before =
      only === undefined || previous === undefined ? empty : earlierRun<WireResults>(previous, isSame, what)
    const context = { quick, seed, now, report, sizes: quick ? QUICK : FULL }
    const whole = (run: PartsRun<PartName, WirePartResult>): WireResults => ({ ...empty, ...run })
    const run = await runParts(PARTS, context, names, before, async (some) => save?.(resultOf(whole(some))))
    requireAll(run.failed)
    return resultOf(whole(run))
  },
}

function resultOf(results: WireResults): SuiteResult {
  const bars = PART_NAMES.flatMap((name) => results.parts[name]?.bars ?? [])
  return { raw: results, bars, tables: tablesOf(results, bars) }
}
