import type { Clock } from '../clock.ts'
import { hasCode } from '../errors.ts'
import { startHeadWatchdog } from '../health/head-watchdog.ts'
import { startLoopWatchdog } from '../health/loop-watchdog.ts'
import type { Reason } from '../health/reason.ts'
import type { Log } from '../logging.ts'
import type { Metrics } from '../metrics/create-metrics.ts'
import type { StatusEvent } from './event-stream.ts'
import { createHistory, type History } from './history.ts'
import { type StatusServer, serveStatus } from './serve-status.ts'
import { STATUS_PORTS, type StatusFlags } from './settings.ts'
import type { View } from './view.ts'

/** What a program shows of itself. Everything is read, never waited for, but by `look`. */
export interface Watched {
  readonly metrics: Metrics
  readonly reasons: () => readonly Reason[]
  readonly status: () => unknown
  readonly view: () => View
  /** Newest values of the charts that grow by time, by the chart's id. */
  readonly points: () => Readonly<Record<string, readonly (number | null)[]>>
  readonly look: () => Promise<void>
  readonly headAgeSeconds: () => number
}

export interface StatusParts {
  readonly program: keyof typeof STATUS_PORTS
  readonly flags: StatusFlags
  readonly watched: Watched
  /** Ends the program in good order. */
  readonly onStuck: (error: unknown) => void
  /** Ends the process at once, where good order comes to no end. */
  readonly exit: () => void
  readonly clock: Clock
  readonly log: Log
  readonly sampleMs?: number
}

/** Between two points of a chart, milliseconds; half an hour of them is kept. */
const SAMPLE_MS = 5_000
const MOST_POINTS = 360

/**
 * Starts the watchdogs, and serves what is watched unless `--no-status` says otherwise.
 * @returns where, if anywhere, and what ends both
 * @throws StarlingError STATUS_PORT_TAKEN, STATUS_ADDRESS
 */
export async function startStatus(parts: StatusParts): Promise<{ url?: string; close(): Promise<void> }> {
  const stopWatchdogs = startWatchdogs(parts)
  if (!parts.flags.status) return { close: stopWatchdogs }
  const { watched, clock, log } = parts
  const histories = new Map<string, History>()
  const historyRows = () => Object.fromEntries([...histories].map(([id, history]) => [id, history.rows()]))
  const viewEvent = (): StatusEvent => ({ name: 'view', data: watched.view() })

  const server = await serve(parts, () => [viewEvent(), { name: 'history', data: historyRows() }])
  const sample = async () => {
    await watched.look()
    const x = Math.round(clock.now() / 1000)
    const points = Object.entries(watched.points())
    for (const [id, values] of points) {
      const history = histories.get(id) ?? createHistory(values.length, MOST_POINTS)
      histories.set(id, history)
      history.push(x, values)
    }
    if (server.listeners() === 0) return
    server.send(viewEvent())
    server.send({
      name: 'point',
      data: Object.fromEntries(points.map(([id, values]) => [id, [x, ...values]])),
    })
  }
  const timer = setInterval(() => void sample().catch(() => {}), parts.sampleMs ?? SAMPLE_MS)
  timer.unref()
  log.info({ url: server.url }, 'status page')
  return {
    url: server.url,
    async close() {
      clearInterval(timer)
      await Promise.all([server.close(), stopWatchdogs()])
    },
  }
}

/** The program's usual port gives way where it is taken: several miners on one machine is nothing unusual. */
async function serve(
  { program, flags, watched, log }: StatusParts,
  first: () => readonly StatusEvent[],
): Promise<StatusServer> {
  const options = {
    ip: flags['status.ip'],
    port: flags['status.port'],
    hosts: flags['status.hosts'].map((name) => name.toLowerCase()),
    reasons: watched.reasons,
    metrics: () => watched.metrics.scrape(),
    status: watched.status,
    first,
  }
  try {
    return await serveStatus(options)
  } catch (error) {
    if (!hasCode(error, 'STATUS_PORT_TAKEN') || options.port !== STATUS_PORTS[program]) throw error
    log.warn({ port: options.port }, 'the usual port of the status page is taken; another is used')
    return await serveStatus({ ...options, port: 0 })
  }
}

function startWatchdogs({ flags, watched, onStuck, exit }: StatusParts): () => Promise<void> {
  const seconds = 60 * flags['watchdog.minutes']
  if (seconds === 0) return async () => {}
  const stopHead = startHeadWatchdog({ seconds, headAgeSeconds: watched.headAgeSeconds, onStuck, exit })
  const loop = startLoopWatchdog({ seconds })
  return async () => {
    stopHead()
    await loop.close()
  }
}
