import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { readEnvironment } from './bench/environment.ts'
import { checkWritable, renderBars, renderCsv, renderEnvironment, writeOutput } from './bench/output.ts'
import { createProgress } from './bench/progress.ts'
import { SUITES, type SuiteEntry } from './bench/registry.ts'

interface BenchFlags {
  quick: boolean
  json?: string
  csv?: string
  seed: number
  scenario?: string
}

const listing = SUITES.map(({ name, description, scenario }) =>
  [
    `  ${name.padEnd(10)} ${description}`,
    ...(scenario ? [`${' '.repeat(13)}--scenario: ${scenario}`] : []),
  ].join('\n'),
)

const command = new Command('bench')
  .description('Measures one part of the project, and says on what machine and commit.')
  .argument('<suite>', 'what to measure')
  .option('--quick', 'smaller samples, in less than a minute', false)
  .option('--json <file>', 'write environment, raw outcomes and bars there')
  .option('--csv <file>', 'write the bars there')
  .option('--seed <n>', 'of everything that is drawn', wholeNumber, 1)
  .option('--scenario <file>', 'what to measure instead of what the suite draws, where it takes that')
  .addHelpText('after', `\nSuites:\n${listing.join('\n')}`)
  .action(run)

async function run(name: string, flags: BenchFlags): Promise<void> {
  const entry = findSuite(name, flags.scenario)
  for (const path of [flags.json, flags.csv]) if (path !== undefined) await checkWritable(path)
  const suite = await entry.load()
  const environment = await readEnvironment(flags.seed)
  const now = () => performance.now()
  const progress = createProgress(now, {
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  })
  const { quick, seed, scenario } = flags
  const result = await suite.run({ quick, seed, scenario, now }, progress.report).finally(progress.end)
  process.stdout.write(`${renderEnvironment(environment)}\n${renderBars(result.bars)}\n`)
  if (flags.json !== undefined) {
    const facts = { suite: name, quick, environment, raw: result.raw, bars: result.bars }
    await writeOutput(flags.json, `${JSON.stringify(facts, null, 2)}\n`)
  }
  if (flags.csv !== undefined) await writeOutput(flags.csv, renderCsv(result.bars))
}

function findSuite(name: string, scenario: string | undefined): SuiteEntry {
  const entry = SUITES.find((suite) => suite.name === name)
  if (entry === undefined) {
    const names = SUITES.map((suite) => suite.name).join(', ')
    throw new StarlingError('BENCH_SUITE', `there is no suite ${name}`, `choose one of ${names}`)
  }
  if (scenario !== undefined && entry.scenario === undefined) {
    throw new StarlingError('BENCH_SCENARIO', `suite ${name} takes no scenario`, 'leave --scenario out')
  }
  return entry
}

await runCli(command, process.argv)
