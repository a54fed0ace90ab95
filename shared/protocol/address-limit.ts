import type { Server } from 'node:http'
import { addressKey } from './address-key.ts'

/** Closes the sockets of an address that has so many already, before anything is read from them. */
export function limitAddresses(server: Server, perAddress: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const key = addressKey(socket.remoteAddress)
    const count = (open.get(key) ?? 0) + 1
    if (count > perAddress) {
      socket.destroy()
      return
    }
    open.set(key, count)
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1
      if (left === 0) open.delete(key)
      else open.set(key, left)
    })
  })
}
