/** What a process on one side of a race does, whoever it belongs to. */
import { createInterface } from 'node:readline'
import { keepInFlight } from './in-flight.ts'

/** What both sides are told. */
export interface Task {
  readonly seed: number
  /** Bytes of an exchange, each way, as frames of ours. */
  readonly frameBytes: number
  /** Where the server listens; clients alone need it. */
  readonly port: number
  /** Exchanges under way at once. */
  readonly inFlight: number
  /** Letters of a text that fills such a frame. */
  readonly textBytes: number
  /** Folder of a peer that was installed. */
  readonly install?: string
  /** Requests of one connection that a peer has under way at once. */
  readonly pipelining?: number
}

export function readTask<Given = Task>(): Given {
  return JSON.parse(process.argv[2] ?? '')
}

export function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Milliseconds of CPU time that this process has used. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** A server's part: says where it listens, and when asked what it has spent; ends with the process that started it. */
export function serveAt(port: number): void {
  say({ port })
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => say({ cpuMs: cpuMs() }))
  lines.on('close', () => process.exit())
}

/** A client's part: runs when told to, and says what came of it. */
export async function serveRuns(inFlight: number, exchange: () => Promise<unknown>): Promise<void> {
  const clock = { now: () => performance.now(), cpuMs }
  say({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    const { ms } = JSON.parse(line)
    say(await keepInFlight(inFlight, ms, clock, exchange))
  }
  process.exit()
}
