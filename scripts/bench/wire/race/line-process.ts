import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { StarlingError } from '../../../../shared/process/errors.ts'

/** Characters of a process's stderr that are kept: enough for the error it died of. */
const STDERR_KEPT = 2_000

/** A process that says what it has to say in lines of JSON, and ends when nobody speaks to it any more. */
export interface LineProcess {
  readonly pid: number
  /** The next line; one call at a time. @throws StarlingError BENCH_PROCESS_ENDED */
  next<Line>(): Promise<Line>
  tell(line: unknown): void
  close(): Promise<void>
}

/** @param env beside this process's own variables */
export function startLineProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LineProcess {
  const child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env } })
  let said = ''
  let ended: StarlingError | undefined
  const lines: string[] = []
  let waiting: { resolve(line: string): void; reject(error: StarlingError): void } | undefined
  const end = (why: string): void => {
    const last = said.trimEnd().split('\n').at(-1) ?? ''
    ended = new StarlingError('BENCH_PROCESS_ENDED', `${args.at(-2) ?? command} ended with ${why}: ${last}`)
    waiting?.reject(ended)
  }
  const gone = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      end(String(code ?? signal))
      resolve()
    })
    child.once('error', (error) => {
      end(error.message)
      resolve()
    })
  })
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-STDERR_KEPT)
  })
  // A write to a process that is gone; its end tells why.
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    // What a library prints is not for us.
    if (!line.startsWith('{')) return
    if (waiting === undefined) lines.push(line)
    else waiting.resolve(line)
    waiting = undefined
  })
  return {
    pid: child.pid ?? 0,
    async next() {
      const line = lines.shift()
      if (line !== undefined) return JSON.parse(line)
      if (ended !== undefined) throw ended
      const come = new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject }
      })
      return JSON.parse(await come)
    },
    tell: (line) => child.stdin.write(`${JSON.stringify(line)}\n`),
    async close() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
