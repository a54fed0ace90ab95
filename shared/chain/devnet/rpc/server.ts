import { once } from 'node:events'
import { type WebSocket, WebSocketServer } from 'ws'
import { StarlingError } from '../../../process/errors.ts'
import type { Chain } from '../node/chain.ts'
import { createRpcSession } from './session.ts'

/** The chain is open to everybody on this machine and to nobody else. */
const HOST = '127.0.0.1'

/** A new runtime in a transaction, as hex, fits. */
const MAX_MESSAGE_BYTES = 16 * 2 ** 20
const MAX_CONNECTIONS = 256

/** A client that reads too slowly is cut off once this much waits for it. */
const MAX_BUFFERED_BYTES = 64 * 2 ** 20

export interface RpcServer {
  port: number
  close(): Promise<void>
}

/** Serves the chain over WebSocket JSON-RPC on loopback. Port 0 takes a free one. Throws `DEVNET_PORT_TAKEN`. */
export async function serveRpc(chain: Chain, port: number): Promise<RpcServer> {
  const server = new WebSocketServer({ host: HOST, port, maxPayload: MAX_MESSAGE_BYTES })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    throw new StarlingError(
      taken ? 'DEVNET_PORT_TAKEN' : 'DEVNET_PORT_UNUSABLE',
      taken ? `port ${port} is taken` : `cannot listen on port ${port}: ${String(cause)}`,
      'give another --port, or 0 for a free one',
      { cause },
    )
  }
  server.on('connection', (socket) => {
    if (server.clients.size > MAX_CONNECTIONS) socket.close(1013, 'too many connections')
    else serveSocket(chain, socket)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of server.clients) socket.terminate()
      await closed
    },
  }
}

function serveSocket(chain: Chain, socket: WebSocket): void {
  const session = createRpcSession(chain, (text) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
    else socket.send(text)
  })
  socket.on('message', (data) => void session.receive(String(data)))
  socket.on('close', () => session.close())
  socket.on('error', () => socket.terminate())
}
