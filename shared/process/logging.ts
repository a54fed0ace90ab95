import { type Logger, pino } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * A logger that writes JSON lines to stderr, so that stdout stays free for results. Messages are constant strings; what
 * varies travels in fields (`round`, `challenge`, `hotkey`), so that one round or one challenge can be followed with grep.
 */
export function createLog(program: string, level: LogLevel): Log {
  return pino(
    {
      level,
      base: { program, pid: process.pid },
      redact: { paths: ['*.secret', '*.mnemonic', '*.seed', '*.privateKey'], censor: '[hidden]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** For library callers and tests that want no output. */
export function silentLog(): Log {
  return pino({ level: 'silent' })
}
