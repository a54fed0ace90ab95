import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Log } from '../../process/logging.ts'
import type { BlockHeader } from '../chain-client.ts'
import { deferred } from './deferred.ts'
import { type RpcSocket, unreachable } from './rpc-socket.ts'

const HEADS = { start: 'chain_subscribeFinalizedHeads', stop: 'chain_unsubscribeFinalizedHeads' }

/** Finalized blocks, one subscription for all listeners, in order and once whichever node they come from. */
export interface Heads {
  listen(listener: (header: BlockHeader) => void): () => void
  /** The newest finalized block that a node told of. */
  newest(): BlockHeader
  /** Follows the blocks of one more socket, as long as it lasts. Resolves after the node’s newest. */
  follow(socket: RpcSocket): Promise<void>
}

/** `hashOf` is that of a header as a node gives it; `timeoutMs` is how long a node may take to tell of its first. */
export function createHeads(hashOf: (header: unknown) => string, timeoutMs: number, log: Log): Heads {
  const listeners = new Set<(header: BlockHeader) => void>()
  let newest: BlockHeader = { number: -1, hash: '' }

  const accept = (raw: unknown) => {
    const { number } = z.object({ number: z.string() }).parse(raw)
    const header = { number: Number(number), hash: hashOf(raw) }
    // A node begins with its newest block, and another node may be behind.
    if (header.number <= newest.number) return
    newest = header
    for (const listener of listeners) {
      try {
        listener(header)
      } catch (thrown) {
        log.error({ error: String(thrown), block: header.number }, 'block listener failed')
      }
    }
  }

  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    newest: () => newest,
    async follow(socket) {
      const first = deferred<void>()
      const timer = setTimeout(() => {
        const message = `${socket.endpoint} told of no block in ${timeoutMs} ms`
        first.reject(new StarlingError('CHAIN_TIMEOUT', message, 'check the node, or give another endpoint'))
      }, timeoutMs)
      socket.onLost((reason) => first.reject(unreachable(socket.endpoint, reason)))
      try {
        await socket.subscribe(HEADS, [], (raw) => {
          accept(raw)
          first.resolve()
        })
        await first.promise
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
