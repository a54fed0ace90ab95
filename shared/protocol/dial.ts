import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { WebSocket } from 'ws'
import { StarlingError } from '../process/errors.ts'
import { printable } from '../process/printable.ts'
import { socketOptions } from './connection.ts'
import type { SessionLimits } from './limits.ts'

/** Characters of a refusing server's answer that are read at most. */
const REFUSAL_CHARS = 200

export interface DialOptions {
  readonly ip: string
  readonly port: number
  readonly tls: boolean
  /** Path and query. */
  readonly target: string
  readonly headers: Record<string, string>
  readonly limits: SessionLimits
  /** Ends the attempt. */
  readonly signal: AbortSignal
  /** Runs before the first frame can arrive. */
  readonly onOpen: (socket: WebSocket) => void
}

/**
 * Opens a WebSocket to a listener.
 * @throws StarlingError AXON_UNREACHABLE, UPGRADE_REFUSED (with the HTTP status and the axon's own line)
 */
export function dial(options: DialOptions): Promise<void> {
  const host = isIPv6(options.ip) ? `[${options.ip}]` : options.ip
  const address = `${host}:${options.port}`
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${options.tls ? 'wss' : 'ws'}://${address}${options.target}`, {
      ...socketOptions(options.limits),
      headers: options.headers,
      maxHeaderSize: options.limits.headerBytes,
      followRedirects: false,
      // A mask keeps others from choosing the bytes on the way, which nobody can in sealed records; zero is none, and a
      // random one would take as long as all of the sealing.
      generateMask: (mask) => mask.fill(0),
      // Who answers is proved by its hotkey; a certificate for an address that moves would prove less.
      rejectUnauthorized: false,
    })
    const stop = (): void => socket.terminate()
    options.signal.addEventListener('abort', stop, { once: true })
    const unreachable = (error: NodeJS.ErrnoException): void => {
      const what = error.code ?? error.message
      reject(new StarlingError('AXON_UNREACHABLE', printable(`nobody answers at ${address}: ${what}`, 200)))
    }
    // This listener stays: `ws` reports an aborted attempt as an error, too.
    socket.on('error', unreachable)
    socket.once('unexpected-response', (_request, response) => {
      void readStart(response).then((text) => {
        const line = printable(text, REFUSAL_CHARS)
        reject(new StarlingError('UPGRADE_REFUSED', `${address} refused: ${response.statusCode} ${line}`))
        socket.terminate()
      })
    })
    socket.once('open', () => {
      options.signal.removeEventListener('abort', stop)
      options.onOpen(socket)
      resolve()
    })
  })
}

/** The first characters of a body; never more, however much is sent. */
async function readStart(response: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk
      if (text.length >= REFUSAL_CHARS) break
    }
  } catch {
    // Cut off: what came is enough.
  }
  return text
}
