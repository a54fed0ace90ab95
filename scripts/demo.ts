import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { openModel } from '../shared/inference/open-model.ts'
import type { TextCodec } from '../shared/inference/text-codec.ts'
import { runCli } from '../shared/process/cli.ts'
import { systemClock } from '../shared/process/clock.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { auditRound } from './demo/audit-round.ts'
import { gatherEvidence } from './demo/evidence.ts'
import { checkExpectations } from './demo/expectations.ts'
import type { DemoFacts } from './demo/facts.ts'
import { demoJson } from './demo/json.ts'
import { stateFolder } from './demo/participants.ts'
import { type PublishedRound, readPublished } from './demo/published.ts'
import { type ReportEvidence, renderReport } from './demo/report.ts'
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

export const command = new Command('demo')
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
  const published = DEMO.validators.map(({ name }) =>
    readPublished(join(stateFolder({ folder }, name), 'rounds')),
  )
  const { name: auditee } = DEMO.validators[0]!
  const audit = await auditRound(auditee, published[0]?.at(-1), { clock: systemClock, say: screen.say })
  const expectations = [...checkExpectations(facts, DEMO.paidEpochs), audit]
  const failures = expectations.filter(({ ok }) => !ok)
  screen.table(renderTable(facts), true)
  writeFileSync(
    flags.report,
    renderReport(facts, expectations, journals, await collectEvidence(facts, published)),
  )
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

/** What the published rounds show of every miner. */
async function collectEvidence(
  { miners }: DemoFacts,
  published: readonly (readonly PublishedRound[])[],
): Promise<ReportEvidence> {
  const models = new Map<string, TextCodec>()
  for (const { model } of miners) {
    if (!models.has(model)) models.set(model, (await openModel(join('models', model), 'cpu')).text)
  }
  const evidence = miners.map(({ hotkey, model }) =>
    gatherEvidence(hotkey, published, (tokens) => models.get(model)!.decode(tokens)),
  )
  return {
    byHotkey: new Map(evidence.map((one) => [one.hotkey, one])),
    rounds: (published[0] ?? []).map(({ round }) => round),
  }
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
