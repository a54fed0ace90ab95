import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Sockets that the kernel may hand over in one turn, before those that have to make room for them are closed. A server takes as many
 * beyond its limit for that moment.
 */
export const ACCEPT_BURST = 128

/**
 * One deadline from a socket's first moment to its upgrade: a client that sends a byte a second gets no further. Sockets are known by
 * the other side's address, as a TLS socket isn't the TCP socket that it began as. At most `most` are at their handshake at once: beyond
 * that the oldest goes, so that whoever holds sockets and says nothing keeps nobody out.
 */
export function limitHandshakes(server: Server, handshakeMs: number, most: number) {
  const pending = new Map<string, { socket: Socket; timer: NodeJS.Timeout }>()

  function forget(peer: string): void {
    clearTimeout(pending.get(peer)?.timer)
    pending.delete(peer)
  }

  server.on('connection', (socket) => {
    const peer = peerOf(socket)
    forget(peer)
    pending.set(peer, { socket, timer: setTimeout(() => socket.destroy(), handshakeMs) })
    if (pending.size > most) {
      const [oldest, { socket: idle }] = pending.entries().next().value!
      forget(oldest)
      idle.destroy()
    }
    socket.on('close', () => {
      if (pending.get(peer)?.socket === socket) forget(peer)
    })
  })
  return {
    /** The handshake on this socket, TCP or TLS, is over. */
    done: (socket: Socket): void => forget(peerOf(socket)),
    /** Ends every socket that is still at its handshake. */
    cut(): void {
      for (const { socket } of pending.values()) socket.destroy()
    },
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
