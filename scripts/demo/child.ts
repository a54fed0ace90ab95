import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'

/** A program of the demo, running in a process of its own with its log in a file. */
export interface Child {
  readonly name: string
  readonly logFile: string
  /** Resolves when the process has ended. */
  readonly exited: Promise<number | null>
  /** Kills at once, as a power cut would. */
  kill(): void
  /** Asks to stop; kills after the deadline. */
  stop(deadlineMs: number): Promise<void>
  readonly process: ChildProcess
}

const PROJECT = join(import.meta.dirname, '..', '..')

/** Starts a TypeScript program of the project. Its stderr, and stdout unless it is piped, go to `<name>.log`. */
export function startChild(
  name: string,
  script: string,
  args: readonly string[],
  options: { readonly logFolder: string; readonly pipeStdout?: boolean },
): Child {
  const logFile = join(options.logFolder, `${name}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, ['--import', 'tsx', join(PROJECT, script), ...args], {
    cwd: PROJECT,
    stdio: ['ignore', options.pipeStdout === true ? 'pipe' : log, log],
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return {
    name,
    logFile,
    exited,
    process: child,
    kill: () => {
      child.kill('SIGKILL')
    },
    async stop(deadlineMs) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Rejects when the process ends before it should: `starting` shall win this race. */
export function failOnExit(child: Child): Promise<never> {
  return child.exited.then((code) => {
    throw new StarlingError(
      'DEMO_PROCESS_ENDED',
      `${child.name} ended with code ${code}`,
      `read ${child.logFile}`,
    )
  })
}
