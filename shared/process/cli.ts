import { type Command, CommanderError } from 'commander'
import { describeError, StarlingError } from './errors.ts'
import { respell } from './settings/spellings.ts'
import { VERSION } from './version.ts'

/** Exit codes of every program here. */
export const EXIT_FAILURE = 1
export const EXIT_USAGE = 2

/** How long leaked handles may keep a finished program alive, in milliseconds. */
const LINGER_MS = 2_000

/**
 * Runs a command line program, which gets `--version` and takes its flags in every usual spelling. An error becomes one line on stderr and the exit code: 2 for a wrong command line, 1 for
 * anything else. Never throws.
 */
export async function runCli(program: Command, argv: readonly string[]): Promise<void> {
  program.version(VERSION, '--version', 'print the version of this software')
  throwInsteadOfExit(program)
  try {
    await program.parseAsync(respell(program, argv.slice(2)), { from: 'user' })
  } catch (error) {
    const code = reportError(error)
    if (code !== 0) process.exitCode = code
  }
  // Only fires when something still holds the event loop.
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

/** Writes the error's line, unless it only ends a program after its help text; returns the exit code. */
function reportError(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${describeError(error)}\n`)
    return EXIT_FAILURE
  }
  if (error.exitCode === 0) return 0
  // Commander wrote the help itself, for want of a subcommand.
  if (error.code === 'commander.help') return EXIT_USAGE
  const message = error.message.replace(/^error: /, '')
  process.stderr.write(`${describeError(new StarlingError('USAGE', message, 'see --help'))}\n`)
  return EXIT_USAGE
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const subcommand of command.commands) throwInsteadOfExit(subcommand)
}
