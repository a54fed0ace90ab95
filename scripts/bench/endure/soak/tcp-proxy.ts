import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * What happens to the bytes between two programs:
 * - `none`    they pass
 * - `silent`  nothing passes either way, and nobody is told: a partition. What was on its way comes afterwards, as TCP sends it again
 * - `slow`    each piece comes late
 * - `refused` every connection is reset, and new ones at once
 */
export type Fault = 'none' | 'silent' | 'slow' | 'refused'

/** A port in front of another one that fails on demand. */
export interface TcpProxy {
  readonly ip: string
  readonly port: number
  suffer(fault: Fault): void
  close(): Promise<void>
}

/** Milliseconds that a piece is late where the connection is slow. */
const LATE_MS = 150

interface Pair {
  readonly near: Socket
  readonly far: Socket
}

/** @param target asked anew for each connection, as a program may come back elsewhere */
export async function startTcpProxy(
  ip: string,
  target: () => { readonly ip: string; readonly port: number },
): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const held: Socket[] = []
  let fault: Fault = 'none'

  const server = createServer({ pauseOnConnect: true }, (near) => {
    near.on('error', () => near.destroy())
    if (fault === 'refused') near.resetAndDestroy()
    // The kernel has taken the connection; beyond it nobody hears of it until the silence ends.
    else if (fault === 'silent') held.push(near)
    else join(near)
  })

  function join(near: Socket): void {
    const { ip: host, port } = target()
    const far = connect({ host, port, noDelay: true })
    const pair = { near, far }
    pairs.add(pair)
    relay(near, far)
    relay(far, near)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) socket.on('close', end).on('error', end)
    near.resume()
  }

  function relay(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      const pass = (): void => {
        if (!to.destroyed && !to.write(bytes)) {
          from.pause()
          to.once('drain', () => fault !== 'silent' && from.resume())
        }
      }
      if (fault === 'slow') setTimeout(pass, LATE_MS)
      else pass()
    })
  }

  server.listen(0, ip)
  await once(server, 'listening')
  return {
    ip,
    port: (server.address() as AddressInfo).port,
    suffer(next) {
      fault = next
      for (const { near, far } of pairs) {
        if (next === 'refused') near.resetAndDestroy()
        else if (next === 'silent') for (const socket of [near, far]) socket.pause()
        else for (const socket of [near, far]) socket.resume()
      }
      if (next === 'silent') return
      for (const near of held.splice(0)) {
        if (near.destroyed) continue
        if (next === 'refused') near.resetAndDestroy()
        else join(near)
      }
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.destroy()
      for (const near of held) near.destroy()
      await closed
    },
  }
}
