import { access } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { MANIFEST_FILE } from '../../../shared/inference/model/manifest.ts'
import { requireAll } from '../parts/earlier.ts'
import type { Suite, SuiteResult } from '../suite.ts'
import { barsOf } from './bars.ts'
import { CLASSES } from './classes.ts'
import { withSessions } from './context.ts'
import { earlierResults, noResults, partsNamed, runParts, type VerifyResults } from './run-parts.ts'
import { FULL, QUICK } from './sample-sizes.ts'
import { tablesOf } from './tables.ts'

const MODEL = 'models/small'

/** Every claim of the verification, attacked: each bar beside what was measured and the best that was published. */
export const verifySuite: Suite = {
  async run({ quick, seed, now, model = MODEL, only, previous, save }, report) {
    const names = partsNamed(only)
    const empty = await noResults(model, { quick, seed })
    const before = only === undefined || previous === undefined ? empty : earlierResults(previous, empty)
    const sizes = quick ? QUICK : FULL
    const otherModels = await modelsBeside(model)
    const results = await withSessions(model, CLASSES, (sessions) =>
      runParts(
        { sizes, modelFolder: model, otherModels, sessions, seed, now, report },
        ...([names, before, async (some: VerifyResults) => save?.(resultOf(some))] as const),
      ),
    )
    requireAll(results.failed)
    return resultOf(results)
  },
}

/** Our other models in the folder where the declared one stands, the smallest first. */
async function modelsBeside(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const name of ['nano', 'small', 'base']) {
    const other = join(dirname(folder), name)
    const isThere = await access(join(other, MANIFEST_FILE)).then(
      () => true,
      () => false,
    )
    if (isThere && name !== basename(folder)) found.set(name, other)
  }
  return found
}

function resultOf(results: VerifyResults): SuiteResult {
  return { raw: results, bars: barsOf(results), tables: tablesOf(results) }
}
