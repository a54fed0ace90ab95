import { markdownTable } from '../markdown-table.ts'
import { earlierRun, requireAll } from '../parts/earlier.ts'
import { partsNamed } from '../parts/part-names.ts'
import { type PartsRun, runParts } from '../parts/run-parts.ts'
import type { Bar, Suite, SuiteResult } from '../suite.ts'
import type { EndurePartResult } from './part.ts'
import { PART_NAMES, PARTS, type PartName } from './parts.ts'

/** Everything that was measured with one seed; parts may have been measured one by one. */
interface EndureResults extends PartsRun<PartName, EndurePartResult> {
  readonly quick: boolean
  readonly seed: number
}

const MODELS = 'models'

/** What strangers and bad luck do to miners and validators that run for months: attacks, faults and time. */
export const endureSuite: Suite = {
  async run({ quick, seed, now, model = MODELS, only, previous, save }, report) {
    const names = partsNamed('endure', PART_NAMES, only)
    const empty: EndureResults = { quick, seed, parts: {}, failed: {} }
    const isSame = (earlier: Partial<EndureResults>) =>
      earlier.quick === quick && earlier.seed === seed && earlier.parts !== undefined
    const what = `suite endure with seed ${seed}${quick ? ' and --quick' : ''}`
    const before =
      only === undefined || previous === undefined ? empty : earlierRun<EndureResults>(previous, isSame, what)
    const context = { quick, seed, modelsFolder: model, now, report }
    const whole = (run: PartsRun<PartName, EndurePartResult>): EndureResults => ({ ...empty, ...run })
    const run = await runParts(PARTS, context, names, before, async (some) => save?.(resultOf(whole(some))))
    requireAll(run.failed)
    return resultOf(whole(run))
  },
}

function resultOf(results: EndureResults): SuiteResult {
  const bars = PART_NAMES.flatMap((name) => results.parts[name]?.bars ?? [])
  return { raw: results, bars, tables: { bars: tableOf(bars) } }
}

/** For docs/attacks.md. */
function tableOf(bars: readonly Bar[]): string {
  return markdownTable(
    ['bar', 'measured', 'asked', 'note'],
    bars.map(({ name, value, unit, floor, note }) => [
      name.includes(' ') ? name : `\`${name}\``,
      `${Number(value.toPrecision(3))} ${unit}`,
      floor === undefined ? '' : String(floor),
      // A refused hotkey's message may hold what a table can't.
      (note ?? '').replaceAll('|', '/'),
    ]),
  )
}
