import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { MUTANTS } from '../test/mutants/all.ts'
import type { Mutant } from '../test/mutants/mutant.ts'
import { runTests } from './mutants/run-mutant.ts'
import { createWorkspace, type Workspace } from './mutants/workspace.ts'

interface MutantsFlags {
  only?: string
  json?: string
}

interface Outcome {
  readonly mutant: Mutant
  /** The first test that went red; undefined where the mutant lives. */
  readonly killedBy: string | undefined
}

/** Copies of the tree that are tested side by side. */
const WORKSPACES = 2

const command = new Command('mutants')
  .description('Breaks one check after the other in a copy of the tree, and tells which test notices.')
  .option('--only <text>', 'mutants whose name or file holds this text')
  .option('--json <file>', 'write the outcomes there too')
  .action(run)

async function run({ only, json }: MutantsFlags): Promise<void> {
  const chosen = MUTANTS.filter(({ name, file }) => `${name} ${file}`.includes(only ?? ''))
  if (chosen.length === 0) throw new StarlingError('USAGE', `no mutant holds “${only}”`, 'see test/mutants')
  const workspaces = Array.from({ length: WORKSPACES }, () => createWorkspace('.'))
  try {
    await checkGreen(workspaces[0]!, chosen)
    const queue = chosen.values()
    const outcomes: Outcome[] = []
    await Promise.all(
      workspaces.map(async (workspace) => {
        for (const mutant of queue) {
          const killedBy = await kill(workspace, mutant)
          process.stderr.write(`${killedBy === undefined ? 'LIVES ' : 'killed'} ${mutant.name}\n`)
          outcomes.push({ mutant, killedBy })
        }
      }),
    )
    const inOrder = outcomes.sort((a, b) => chosen.indexOf(a.mutant) - chosen.indexOf(b.mutant))
    process.stdout.write(`${renderOutcomes(inOrder)}\n`)
    if (json !== undefined) await writeFile(json, `${JSON.stringify(inOrder, null, 2)}\n`)
    if (inOrder.some(({ killedBy }) => killedBy === undefined)) process.exitCode = 1
  } finally {
    for (const workspace of workspaces) workspace.remove()
  }
}

/** A test that is red anyway kills nothing. */
async function checkGreen(workspace: Workspace, mutants: readonly Mutant[]): Promise<void> {
  const files = [...new Set(mutants.flatMap(({ killers }) => killers))]
  const { failed } = await runTests(workspace.folder, files)
  if (failed.length > 0)
    throw new StarlingError('MUTANTS_RED', `“${failed[0]}” fails without any mutant`, 'mend it first')
}

async function kill(workspace: Workspace, mutant: Mutant): Promise<string | undefined> {
  const restore = workspace.apply(mutant)
  try {
    for (const file of mutant.killers) {
      const { failed } = await runTests(workspace.folder, [file])
      if (failed[0] !== undefined) return `${file}: ${failed[0]}`
    }
    return undefined
  } finally {
    restore()
  }
}

function renderOutcomes(outcomes: readonly Outcome[]): string {
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['mutant', 'what it would let through', 'killed by'],
    colWidths: [38, 62, 90],
  })
  for (const { mutant, killedBy } of outcomes) table.push([mutant.name, mutant.breaks, killedBy ?? 'LIVES'])
  const dead = outcomes.filter(({ killedBy }) => killedBy !== undefined).length
  return `${table.toString()}\n${dead} of ${outcomes.length} mutants killed`
}

await runCli(command, process.argv)
