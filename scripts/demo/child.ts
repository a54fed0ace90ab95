import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'

/** A program of the demo, running in a process of its own with its log in a file. */
export interface Child {
  readonly name: string
  readonly logFile: string
  /** Rejects when the process ends although nobody asked it to. */
  readonly crashed: Promise<never>
  /** Kills at once, as a power cut would. */
  kill(): void
  /** Asks to stop; kills after the deadline. */
  stop(deadlineMs: number): Promise<void>
  readonly process: ChildProcess
}

const PROJECT = join(import.meta.dirname, '..', '..')
const LEAST_PRIORITY = 19

/** Starts a TypeScript program of the project. Its stderr, and stdout unless it is piped, go to `<name>.log`. */
export function startChild(
  name: string,
  script: string,
  args: readonly string[],
  options: {
    readonly logFolder: string
    readonly pipeStdout?: boolean
    /** How far it stands back behind other processes; all that it starts does so, too. */
    readonly niceness?: number
    /** Variables beside those of this process. */
    readonly env?: Readonly<Record<string, string>>
  },
): Child {
  const logFile = join(options.logFolder, `${name}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, ['--import', 'tsx', join(PROJECT, script), ...args], {
    cwd: PROJECT,
    ...(options.env && { env: { ...process.env, ...options.env } }),
    stdio: ['ignore', options.pipeStdout === true ? 'pipe' : log, log],
  })
  // Relative to our own, as only root may go below that.
  if (child.pid !== undefined && options.niceness !== undefined)
    setPriority(child.pid, Math.min(LEAST_PRIORITY, getPriority() + options.niceness))
  const exited = once(child, 'exit')
  let isWanted = true
  const crashed = exited.then(([code]) => {
    if (!isWanted) return new Promise<never>(() => {})
    throw new StarlingError(
      'DEMO_PROCESS_ENDED',
      `${name} ended with code ${code}: ${lastLine(logFile)}`,
      `read ${logFile}`,
    )
  })
  // Whoever starts the child decides when to look.
  crashed.catch(() => {})
  return {
    name,
    logFile,
    crashed,
    process: child,
    kill() {
      isWanted = false
      child.kill('SIGKILL')
    },
    async stop(deadlineMs) {
      isWanted = false
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
      await exited
      clearTimeout(timer)
    },
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? ''
}
