import type { Report } from './suite.ts'

/** A suite that is done by then shows no progress. */
const QUIET_MS = 2_000
const TERMINAL_INTERVAL_MS = 200
const LINE_INTERVAL_MS = 10_000

export interface ProgressOutput {
  write(text: string): void
  /** True where a line can be written over. */
  readonly isTerminal: boolean
}

/** One line that is written over on a terminal, a line now and then elsewhere. */
export function createProgress(now: () => number, output: ProgressOutput): { report: Report; end(): void } {
  const interval = output.isTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS
  let next = now() + QUIET_MS
  let isShown = false
  return {
    report(what, done, total) {
      if (now() < next) return
      next = now() + interval
      isShown = true
      const line = `${what}: ${done} of ${total}`
      output.write(output.isTerminal ? `\r\x1b[2K${line}` : `${line}\n`)
    },
    end() {
      if (isShown && output.isTerminal) output.write('\r\x1b[2K')
    },
  }
}
