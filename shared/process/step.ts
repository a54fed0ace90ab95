import type { LogLevel } from './logging.ts'

/** Runs one step of a command, and says on the way what it is, where it takes long. Fails as the work does. */
export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** Where steps are told. */
export interface StepOutput {
  write(text: string): void
  /** True where a line can be written over. */
  readonly isTerminal: boolean
}

/** Calls back after so many milliseconds; returns what calls it off. */
export type After = (ms: number, call: () => void) => () => void

/** A step that is over by then is not told. */
const QUIET_MS = 2_000
const TERMINAL_MS = 1_000
/** A log of some long step stays short. */
const LINE_MS = 30_000

/** Tells steps on a line that is written over on a terminal, and by a plain line now and then elsewhere. */
export function createStep({ write, isTerminal }: StepOutput, after: After = afterTimeout): Step {
  return async (what, work) => {
    let told = 0
    let cancel = () => {}
    const tell = () => {
      const seconds = told === 0 ? '' : ` ${told / 1_000} s`
      write(isTerminal ? `\r\x1b[2K${what} …${seconds}` : `${what} …${seconds}\n`)
    }
    const wait = (ms: number) => {
      cancel = after(ms, () => {
        tell()
        const next = isTerminal ? TERMINAL_MS : LINE_MS
        told = told === 0 ? QUIET_MS + next : told + next
        wait(next)
      })
    }
    wait(QUIET_MS)
    try {
      return await work()
    } finally {
      cancel()
      if (told > 0 && isTerminal) write('\r\x1b[2K')
    }
  }
}

/** Tells steps on stderr, unless the log is silent, too. */
export function terminalStep(level: LogLevel = 'info'): Step {
  if (level === 'silent') return silentStep
  return createStep({
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  })
}

/** For library callers and tests. */
export const silentStep: Step = (_what, work) => work()

function afterTimeout(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms).unref()
  return () => clearTimeout(timer)
}
