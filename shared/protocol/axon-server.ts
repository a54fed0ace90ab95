import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { systemClock } from '../process/clock.ts'
import { describeError, StarlingError } from '../process/errors.ts'
import { silentLog } from '../process/logging.ts'
import { printable } from '../process/printable.ts'
import type { Axon, AxonOptions } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { type Connection, socketOptions } from './connection.ts'
import { SESSION_LIMITS } from './limits.ts'
import { serveSession } from './serve-session.ts'
import { createUpgradeGuard, UpgradeRefused } from './upgrade-guard.ts'

/**
 * Listens for validators and answers their requests.
 * @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS (an address this machine does not have, a port it may not use)
 */
export async function startAxon(options: AxonOptions): Promise<Axon> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const log = options.log ?? silentLog()
  const { signer, models, authorize, handle } = options
  const open = new Map<Connection, string>()

  const guard = createUpgradeGuard({
    self: signer.address,
    clock,
    limits,
    authorize,
    connections: (hotkey) =>
      hotkey === undefined ? open.size : [...open.values()].filter((peer) => peer === hotkey).length,
  })
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, ...socketOptions(limits) })
  const server = createServer({ maxHeaderSize: limits.headerBytes, keepAlive: false })
  server.maxConnections = limits.sockets
  const handshakes = limitHandshakes(server, limits.handshakeMs)

  server.on('request', (_request, response) => {
    response.writeHead(426, { Connection: 'close, Upgrade', Upgrade: 'websocket' }).end()
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on node:http no longer listens, and an error without a listener would end the process.
    socket.on('error', () => socket.destroy())
    try {
      const admitted = guard(request)
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        handshakes.done(request.socket)
        const connection = serveSession(webSocket, admitted, {
          ...{ signer, models, authorize, handle },
          ...{ clock, limits, log },
        })
        open.set(connection, admitted.hotkey)
        void connection.closed.then(() => open.delete(connection))
      })
    } catch (error) {
      const refused = error instanceof UpgradeRefused ? error : undefined
      if (refused === undefined) log.error({ error: describeError(error) }, 'upgrade failed')
      const reason = refused?.reason ?? new StarlingError('INTERNAL', 'the miner failed to answer')
      log.debug({ address: request.socket.remoteAddress, code: reason.code }, 'upgrade refused')
      refuse(socket, refused?.status ?? 500, reason)
    }
  })

  await listen(server, options.ip, options.port)
  server.on('error', (error) => log.error({ error: describeError(error) }, 'axon socket failed'))
  const { address, port } = server.address() as AddressInfo
  return {
    ip: address,
    port,
    connections: () => open.size,
    async close() {
      const stopped = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      const ended = [...open.keys()].map((connection) => {
        connection.drop(CLOSE.goingAway)
        return connection.closed
      })
      handshakes.cut()
      await Promise.all([stopped, ...ended])
    },
  }
}

/** One deadline from a socket's first moment to its upgrade: a client that sends a byte a second gets no further. */
function limitHandshakes(server: Server, handshakeMs: number) {
  const pending = new Map<Socket, NodeJS.Timeout>()
  function done(socket: Socket): void {
    clearTimeout(pending.get(socket))
    pending.delete(socket)
  }
  server.on('connection', (socket) => {
    pending.set(
      socket,
      setTimeout(() => socket.destroy(), handshakeMs),
    )
    socket.on('close', () => done(socket))
  })
  return {
    done,
    cut(): void {
      for (const socket of pending.keys()) socket.destroy()
    },
  }
}

function refuse(socket: Duplex, status: number, reason: StarlingError): void {
  const body = printable(`${reason.code}: ${reason.message}`, 200)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function listen(server: Server, ip: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, ip, port)))
    server.listen(port, ip, resolve)
  })
}

function listenError(error: NodeJS.ErrnoException, ip: string, port: number): StarlingError {
  if (error.code === 'EADDRINUSE') {
    return new StarlingError(
      'AXON_PORT_TAKEN',
      `port ${port} on ${ip} is taken`,
      'stop the other program, or choose another with --axon.port',
      { cause: error },
    )
  }
  return new StarlingError(
    'AXON_ADDRESS',
    `cannot listen on ${ip} port ${port}: ${error.code}`,
    'check --axon.ip and --axon.port',
    { cause: error },
  )
}
