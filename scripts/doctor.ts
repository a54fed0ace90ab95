import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { minerFindings } from '../miner/doctor/miner-findings.ts'
import { minerSettings } from '../miner/settings.ts'
import type { DoctorEdge } from '../shared/doctor/common.ts'
import { type Finding, isHealthy, renderFindings } from '../shared/doctor/finding.ts'
import { EXIT_FAILURE, runCli } from '../shared/process/cli.ts'
import { systemClock } from '../shared/process/clock.ts'
import { isMain } from '../shared/process/is-main.ts'
import { addSettings } from '../shared/process/settings/add-settings.ts'
import { terminalStep } from '../shared/process/step.ts'
import { validatorFindings } from '../validator/doctor/validator-findings.ts'
import { validatorSections, validatorSettings } from '../validator/settings.ts'

const ROLES = ['miner', 'validator'] as const
type Role = (typeof ROLES)[number]

const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
const edge: DoctorEdge = {
  env: process.env,
  clock: systemClock,
  nodeVersion: process.versions.node,
  wantedNode: engines.node,
  chainMs: 20_000,
  blockMs: 30_000,
}

/** The command for one role: its program's own flags, which the role decides on. */
function doctorCommand(role: Role): Command {
  const command = new Command('doctor')
    .description(
      'Says whether a miner or a validator with these flags would run and earn: everything is looked at, nothing is changed.',
    )
    .addOption(
      new Option('--role <name>', 'program that is looked at; takes all of its flags')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .option('--json', 'as JSON', false)
  if (role === 'validator') {
    return addSettings(command, validatorSettings, { sections: validatorSections }).action((flags) =>
      report(flags, validatorFindings(flags, edge)),
    )
  }
  return addSettings(command, minerSettings)
    .option('--registry <file>', 'registry of declared models (default: registry.json beside the model)')
    .action((flags) => report(flags, minerFindings(flags, edge)))
}

async function report({ role, json }: { role: Role; json: boolean }, looking: Promise<Finding[]>) {
  const findings = await terminalStep()(`looking at what a ${role} needs`, () => looking)
  const ok = isHealthy(findings)
  const text = json ? JSON.stringify({ role, ok, findings }, undefined, 2) : renderFindings(findings)
  process.stdout.write(`${text}\n`)
  if (!ok) process.exitCode = EXIT_FAILURE
}

/** Before the flags are read, as it decides which there are. */
function roleIn(argv: readonly string[]): Role {
  const given = argv.flatMap((arg, at) =>
    arg === '--role' ? argv[at + 1] : (/^--role=(.*)$/.exec(arg)?.[1] ?? []),
  )
  return given.at(-1) === 'validator' ? 'validator' : 'miner'
}

export const command = doctorCommand(roleIn(process.argv))

if (isMain(import.meta.url)) await runCli(command, process.argv)
