import { availableParallelism } from 'node:os'
import { requireAll } from '../parts/earlier.ts'
import { partsNamed } from '../parts/part-names.ts'
import { runParts } from '../parts/run-parts.ts'
import type { Suite, SuiteResult } from '../suite.ts'
import { PART_NAMES, PARTS, type PartName } from './parts.ts'
import { outcomeRows } from './report/outcomes.ts'
import { renderPage } from './report/page.ts'
import { tablesOf } from './report/tables.ts'
import { barsOf, earlierResults, type SwarmResults } from './run-parts.ts'
import { readScenario } from './simulate/scenario.ts'

const MODELS = 'models'

/** Swarm consensus: simulated swarms with cliques, copiers and lazy judges; real outputs; real processes. */
export const swarmSuite: Suite = {
  async run({ quick, seed, now, scenario: file, model = MODELS, only, previous, save }, report) {
    const scenario = file === undefined ? undefined : await readScenario(file)
    const names: readonly PartName[] =
      scenario === undefined ? partsNamed('swarm', PART_NAMES, only) : ['scenario']
    const empty: SwarmResults = { quick, seed, parts: {}, failed: {} }
    const before = only === undefined || previous === undefined ? empty : earlierResults(previous, empty)
    const context = {
      ...{ quick, seed, modelsFolder: model, now, report, threads: availableParallelism() },
      ...(scenario && { scenario }),
    }
    const whole = (run: Omit<SwarmResults, 'quick' | 'seed'>): SwarmResults => ({ ...empty, ...run })
    const run = await runParts(PARTS, context, names, before, async (some) => save?.(resultOf(whole(some))))
    requireAll(run.failed)
    return resultOf(whole(run))
  },
  html: renderPage,
}

function resultOf(results: SwarmResults): SuiteResult {
  return {
    ...{ raw: results, bars: barsOf(results) },
    ...{ tables: tablesOf(results), outcomes: outcomeRows(results) },
  }
}
