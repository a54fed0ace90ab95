import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StarlingError } from '../errors.ts'
import type { Reason } from '../health/reason.ts'
import { createEventStream, type StatusEvent } from './event-stream.ts'
import { renderPage } from './page.ts'
import { refusalOf } from './request-guard.ts'

export interface StatusOptions {
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  /** Names beside localhost and addresses under which a browser or Prometheus may ask. */
  readonly hosts: readonly string[]
  /** What keeps the program from being ready now; empty when nothing does. */
  readonly reasons: () => readonly Reason[]
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** What /status.json holds. */
  readonly status: () => unknown
  /** What a page that begins to listen must know. */
  readonly first: () => readonly StatusEvent[]
}

export interface StatusServer {
  readonly ip: string
  readonly port: number
  readonly url: string
  send(event: StatusEvent): void
  /** Pages that listen now: without any, nobody need make events. */
  listeners(): number
  close(): Promise<void>
}

/** Of a whole request's head; ours are a few hundred bytes. */
const HEADER_BYTES = 8_192
const REQUEST_MS = 5_000
/** Prometheus, a health check, and a few pages with their streams. */
const MOST_CONNECTIONS = 32

/** No page elsewhere may embed, read or guess at what is answered. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Serves health, metrics and the status page, for the operator's machine. There is no password: whoever opens it to a network puts
 * something in front that has one.
 * @throws StarlingError STATUS_PORT_TAKEN, STATUS_ADDRESS
 */
export async function serveStatus(options: StatusOptions): Promise<StatusServer> {
  const stream = createEventStream()
  const page = renderPage()
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: REQUEST_MS,
    connectionsCheckingInterval: 1_000,
  })
  server.maxConnections = MOST_CONNECTIONS

  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    switch (path) {
      case '/':
        return send(response, 200, 'text/html; charset=utf-8', page.html, {
          'Content-Security-Policy': page.policy,
        })
      case '/healthz':
        // That this runs at all is what it says.
        return send(response, 200, TEXT, 'alive\n')
      case '/readyz': {
        const reasons = options.reasons()
        if (reasons.length === 0) return send(response, 200, TEXT, 'ready\n')
        return send(response, 503, TEXT, reasons.map(({ code, message }) => `${code}: ${message}\n`).join(''))
      }
      case '/metrics': {
        const { contentType, text } = await options.metrics()
        return send(response, 200, contentType, text)
      }
      case '/status.json':
        return send(response, 200, 'application/json', `${JSON.stringify(options.status())}\n`)
      case '/events':
        if (stream.add(response, options.first())) return
        return send(response, 503, TEXT, 'too many pages listen\n')
      default:
        return send(
          response,
          404,
          TEXT,
          'here are /, /healthz, /readyz, /metrics, /status.json and /events\n',
        )
    }
  }

  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    // Nothing that is sent along is looked at.
    request.resume()
    const refusal = refusalOf(request, options.hosts)
    if (refusal !== undefined) {
      send(response, refusal.status, TEXT, `${refusal.line}\n`, { Connection: 'close', Allow: 'GET' })
      return
    }
    const [path = '/'] = (request.url ?? '/').split('?')
    answer(path, response).catch(() => {
      if (response.headersSent) response.destroy()
      else send(response, 500, TEXT, 'this could not be answered\n')
    })
  })
  server.on('clientError', (_error, socket) => socket.destroy())

  await listen(server, options.ip, options.port)
  server.on('error', () => {})
  const { address, port, family } = server.address() as AddressInfo
  return {
    ip: address,
    port,
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`,
    send: stream.send,
    listeners: () => stream.listeners,
    async close() {
      stream.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const TEXT = 'text/plain; charset=utf-8'

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}

function listen(server: Server, ip: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StarlingError(
              'STATUS_PORT_TAKEN',
              `port ${port} on ${ip} is taken`,
              'stop the other program, choose another with --status.port, or give --no-status',
              { cause: error },
            )
          : new StarlingError(
              'STATUS_ADDRESS',
              `cannot listen on ${ip} port ${port}: ${error.code}`,
              'check --status.ip and --status.port',
              { cause: error },
            ),
      )
    })
    server.listen(port, ip, resolve)
  })
}
