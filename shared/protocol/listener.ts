import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Signer } from '../chain/wallet/signer.ts'
import type { Clock } from '../process/clock.ts'
import { describeError, StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import { printable } from '../process/printable.ts'
import { limitAddresses } from './address-limit.ts'
import type { TlsOptions } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { encodeFrame } from './codec.ts'
import { type Connection, openConnection, socketOptions } from './connection.ts'
import { ACCEPT_BURST, limitHandshakes } from './handshake-limit.ts'
import { helloMessage, makeHello } from './hello.ts'
import { createKeyExchange } from './key-exchange.ts'
import type { SessionLimits } from './limits.ts'
import { createNonceStore, type NonceStore } from './nonce-store.ts'
import { type Admitted, createUpgradeGuard, UpgradeRefused } from './upgrade-guard.ts'

export interface ListenerOptions {
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  readonly path: string
  readonly signer: Signer
  readonly authorize: (hotkey: string) => StarlingError | undefined
  readonly tls: TlsOptions | undefined
  /** In memory unless given. */
  readonly nonces: NonceStore | undefined
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly log: Log
}

/** A server of secured connections. */
export interface Listener {
  readonly ip: string
  readonly port: number
  /** Authenticated connections now. */
  connections(): number
  /** Stops listening, closes every connection and resolves when the port is free. */
  close(): Promise<void>
}

/**
 * Listens for diallers, checks that each holds the hotkey that it claims, says hello and agrees on keys.
 * @param serve takes over a secured connection, before its first record can arrive
 * @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS (an address this machine does not have, a port it may not use),
 *   AXON_CERTIFICATE
 */
export async function startListener(
  options: ListenerOptions,
  serve: (connection: Connection, hotkey: string) => void,
): Promise<Listener> {
  const { path, signer, authorize, clock, limits, log } = options
  const open = new Map<Connection, string>()
  const lifetimeMs = limits.maxAgeMs + limits.maxSkewMs
  const guard = createUpgradeGuard({
    ...{ self: signer.address, path, clock, limits, authorize },
    nonces: options.nonces ?? createNonceStore({ capacity: limits.nonces, lifetimeMs }),
    connections: (hotkey) =>
      hotkey === undefined ? open.size : [...open.values()].filter((peer) => peer === hotkey).length,
  })
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, ...socketOptions(limits) })
  const server = createHttpServer(options)
  server.maxConnections = limits.sockets + ACCEPT_BURST
  limitAddresses(server, limits.connectionsPerAddress)
  const handshakes = limitHandshakes(server, limits.handshakeMs, unauthenticated(limits))

  server.on('request', (_request, response) => {
    response.writeHead(426, { Connection: 'close, Upgrade', Upgrade: 'websocket' }).end()
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on node:http no longer listens, and an error without a listener would end the process.
    socket.on('error', () => socket.destroy())
    try {
      const admitted = guard(request)
      const { hello, records } = greet(signer, admitted)
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        handshakes.done(request.socket)
        const connection = openConnection(webSocket, { clock, limits })
        open.set(connection, admitted.hotkey)
        void connection.closed.then(() => open.delete(connection))
        connection.send(hello)
        connection.secure(records)
        serve(connection, admitted.hotkey)
      })
    } catch (error) {
      const refused = error instanceof UpgradeRefused ? error : undefined
      if (refused === undefined) log.error({ error: describeError(error) }, 'upgrade failed')
      const reason = refused?.reason ?? new StarlingError('INTERNAL', 'the listener failed to answer')
      log.debug({ address: request.socket.remoteAddress, code: reason.code }, 'upgrade refused')
      refuse(socket, refused?.status ?? 500, reason)
    }
  })

  await listen(server, options.ip, options.port)
  server.on('error', (error) => log.error({ error: describeError(error) }, 'listening socket failed'))
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

/** Sockets that may be at their handshake at once; where more connections are allowed than sockets, all of them. */
function unauthenticated({ sockets, connections }: SessionLimits): number {
  return sockets > connections ? sockets - connections : sockets
}

/** Our signed half of the key agreement, and the records that come of it. */
function greet(signer: Signer, { signed, key }: Admitted) {
  const exchange = createKeyExchange()
  const hello = makeHello(signer, exchange.publicKey, signed)
  try {
    const transcript = { upgrade: signed, hello: helloMessage(signed, hello) }
    return { hello: encodeFrame(0, hello), records: exchange.records(key, transcript, 'listener') }
  } catch (error) {
    if (error instanceof StarlingError) throw new UpgradeRefused(400, error)
    throw error
  }
}

function createHttpServer({ tls, limits }: ListenerOptions): Server {
  const options = { maxHeaderSize: limits.headerBytes, keepAlive: false }
  if (tls === undefined) return createServer(options)
  const { cert, key } = tls
  try {
    return createTlsServer({ ...options, cert, key, handshakeTimeout: limits.handshakeMs })
  } catch (cause) {
    throw new StarlingError(
      'AXON_CERTIFICATE',
      'the certificate and its key can’t be used',
      'give a PEM certificate and the private key that belongs to it, without a password',
      { cause },
    )
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
