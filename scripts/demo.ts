import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { systemClock } from '../shared/process/clock.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { checkExpectations } from './demo/expectations.ts'
import { demoJson } from './demo/json.ts'
import { renderReport } from './demo/report.ts'
import { runDemo } from './demo/run-demo.ts'
import { DEMO } from './demo/scenario.ts'
import { createScreen } from './demo/screen.ts'
import { renderTable } from './demo/table.ts'

interface DemoFlags {
  seed: number
  seconds: number
  commitReveal?: boolean
  json?: string
  report: string
  data?: string
}

const command = new Command('demo')
  .description(
    'Bring up a chain, validators and miners on this machine, some of them cheats, and see who is paid.',
  )
  .option('--seed <n>', 'seed of all keys', wholeNumber, 1)
  .option('--seconds <n>', 'give up after this long', wholeNumber, 175)
  .option('--commit-reveal', 'weights by commit and reveal; payment begins an epoch later')
  .option('--report <file>', 'where to write the report', 'report.html')
  .option('--json <file>', 'write the facts as JSON, too')
  .option('--data <folder>', 'keep chain, state and logs here (default: a temporary folder)')
  .action(demo)

async function demo(flags: DemoFlags): Promise<void> {
  const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'starling-'))
  const screen = createScreen(process.stdout)
  const stop = new AbortController()
  const abort = () => stop.abort(new StarlingError('DEMO_STOPPED', 'stopped before the demo was over'))
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)

  const { facts, journals } = await runDemo({
    scenario: { ...DEMO, commitReveal: flags.commitReveal === true },
    folder,
    seed: flags.seed,
    deadlineSeconds: flags.seconds,
    clock: systemClock,
    screen,
    signal: stop.signal,
  })
  const expectations = checkExpectations(facts, DEMO.paidEpochs)
  const failures = expectations.filter(({ ok }) => !ok)
  screen.table(renderTable(facts), true)
  writeFileSync(flags.report, renderReport(facts, expectations, journals))
  screen.say(`report: ${flags.report}`)
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify(demoJson(facts, failures.length === 0), null, 2)}\n`)
  if (failures.length > 0) {
    const [{ name, detail }] = failures as [(typeof failures)[0]]
    throw new StarlingError(
      'DEMO_FAILED',
      `${failures.length} of ${expectations.length} expectations failed, the first: ${name} (${detail})`,
      `logs are in ${folder}`,
    )
  }
  screen.say(`all ${expectations.length} expectations hold, after ${Math.round(facts.seconds)} s`)
  if (flags.data === undefined) rmSync(folder, { recursive: true, force: true })
}

await runCli(command, process.argv)
