import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve as resolvePath } from 'node:path'
import { createInterface } from 'node:readline'
import { StarlingError } from '../../../../shared/process/errors.ts'

/** What is kept of a driver's stderr, in characters: enough for the error it died of. */
const STDERR_KEPT = 2_000

/** A peer in a process of its own, called with lines of JSON; see json-lines.mjs. */
export interface Driver {
  /** Throws PEER_FAILED with what the peer said, or what it died of. */
  call<Result>(method: string, params: unknown): Promise<Result>
  close(): Promise<void>
}

interface Pending {
  resolve(result: never): void
  reject(error: unknown): void
}

/** Starts one of the driver files beside this one. */
export function startDriver(file: string): Driver {
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawn(process.execPath, [...loader, resolvePath(import.meta.dirname, file)], {
    stdio: 'pipe',
  })
  const pending = new Map<number, Pending>()
  const exited = once(child, 'exit')
  let calls = 0
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-STDERR_KEPT)
  })
  // A write to a child that is gone; the exit below tells why.
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = readReply(line)
    const call = pending.get(reply?.id ?? -1)
    if (reply == null || call === undefined) return
    pending.delete(reply.id)
    if (reply.error === undefined) call.resolve(reply.result as never)
    else call.reject(failed(file, reply.error))
  })
  child.on('close', (code, signal) => {
    for (const { reject } of pending.values())
      reject(failed(file, `ended with ${code ?? signal}: ${lastLine(said)}`))
    pending.clear()
  })
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          reject(failed(file, `has ended: ${lastLine(said)}`))
          return
        }
        const id = calls++
        pending.set(id, { resolve, reject })
        child.stdin.write(`${JSON.stringify({ id, method, params })}\n`)
      }),
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** Nothing for a line that a native library printed past the driver. */
function readReply(line: string): Reply | null | undefined {
  try {
    return JSON.parse(line) as Reply | null
  } catch {
    return undefined
  }
}

function failed(file: string, what: string): StarlingError {
  return new StarlingError('PEER_FAILED', `${file}: ${what}`, 'run the suite again, or leave this peer out')
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
