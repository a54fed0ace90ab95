import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { writeTables } from './bench/document.ts'
import { readEnvironment } from './bench/environment.ts'
import {
  checkWritable,
  outcomesPath,
  readEarlier,
  renderBars,
  renderBarsCsv,
  renderCsv,
  renderEnvironment,
  writeOutput,
} from './bench/output.ts'
import { createProgress } from './bench/progress.ts'
import { SUITES, type SuiteEntry } from './bench/registry.ts'
import type { Suite, SuiteResult } from './bench/suite.ts'

interface BenchFlags {
  quick: boolean
  json?: string
  csv?: string
  html?: string
  seed: number
  scenario?: string
  model?: string
  only?: readonly string[]
  doc?: string
}

const listing = SUITES.map(({ name, description, scenario, hasParts }) =>
  [
    `  ${name.padEnd(10)} ${description}`,
    ...(scenario ? [`${' '.repeat(13)}--scenario: ${scenario}`] : []),
    ...(hasParts ? [`${' '.repeat(13)}takes --model, --only and --doc`] : []),
  ].join('\n'),
)

export const command = new Command('bench')
  .description('Measures one part of the project, and says on what machine and commit.')
  .argument('<suite>', 'what to measure')
  .option('--quick', 'smaller samples, in less than a minute', false)
  .option('--json <file>', 'write environment, raw outcomes and bars there')
  .option('--csv <file>', 'write the bars there, and raw outcomes beside it where the suite lists them')
  .option('--html <file>', 'write a page with plots there, where the suite has one')
  .option('--seed <n>', 'of everything that is drawn', wholeNumber, 1)
  .option('--scenario <file>', 'what to measure instead of what the suite draws, where it takes that')
  .option('--model <folder>', 'what to measure it on, where the suite takes that')
  .option('--only <parts>', 'run these parts (with commas), and keep what --json holds of the others', listed)
  .option('--doc <file>', 'write the tables into this page, between their marks')
  .addHelpText('after', `\nSuites:\n${listing.join('\n')}`)
  .action(run)

async function run(name: string, flags: BenchFlags): Promise<void> {
  const entry = findSuite(name, flags)
  const paths = [flags.json, flags.csv, flags.html, flags.doc]
  for (const path of paths) if (path !== undefined) await checkWritable(path)
  const suite = await entry.load()
  const page = pageOf(suite, name, flags)
  const environment = await readEnvironment(flags.seed)
  const now = () => performance.now()
  const progress = createProgress(now, {
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  })
  const { quick, seed, scenario, model, only } = flags
  const runOf = ({ raw, bars }: SuiteResult) => ({ suite: name, quick, environment, raw, bars })
  const save = async (result: SuiteResult) => {
    if (flags.json !== undefined) await writeOutput(flags.json, `${JSON.stringify(runOf(result), null, 2)}\n`)
  }
  const previous = only && flags.json && (await readEarlier(flags.json))
  const options = {
    quick,
    seed,
    scenario,
    now,
    save,
    previous,
    ...(model && { model }),
    ...(only && { only }),
  }
  const result = await suite.run(options, progress.report).finally(progress.end)
  process.stdout.write(`${renderEnvironment(environment)}\n${renderBars(result.bars)}\n`)
  await save(result)
  if (flags.doc !== undefined) await writeTables(flags.doc, result.tables ?? {})
  if (flags.csv !== undefined) await writeOutput(flags.csv, renderBarsCsv(result.bars))
  if (flags.csv !== undefined && result.outcomes !== undefined)
    await writeOutput(outcomesPath(flags.csv), renderCsv(result.outcomes))
  if (page !== undefined) await writeOutput(page.path, page.html(runOf(result)))
}

/** What writes the page, found before a long run rather than after it. */
function pageOf({ html }: Suite, name: string, { html: path }: BenchFlags) {
  if (path === undefined) return undefined
  if (html !== undefined) return { path, html }
  throw new StarlingError('BENCH_HTML', `suite ${name} has no page with plots`, 'leave --html out')
}

function findSuite(name: string, { scenario, model, only, doc }: BenchFlags): SuiteEntry {
  const entry = SUITES.find((suite) => suite.name === name)
  if (entry === undefined) {
    const names = SUITES.map((suite) => suite.name).join(', ')
    throw new StarlingError('BENCH_SUITE', `there is no suite ${name}`, `choose one of ${names}`)
  }
  if (scenario !== undefined && entry.scenario === undefined) {
    throw new StarlingError('BENCH_SCENARIO', `suite ${name} takes no scenario`, 'leave --scenario out')
  }
  if (entry.hasParts !== true && [model, only, doc].some((flag) => flag !== undefined)) {
    const remedy = 'leave --model, --only and --doc out'
    throw new StarlingError('BENCH_PARTS', `suite ${name} has no parts, and no page`, remedy)
  }
  return entry
}

function listed(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
