import { z } from 'zod'
import type { Log } from '../../process/logging.ts'
import type { BlockHeader } from '../chain-client.ts'
import type { RpcConnection } from './rpc-connection.ts'

const NOTIFICATION = 'chain_finalizedHead'

/** Finalized blocks, one subscription for all listeners. */
export interface Heads {
  listen(listener: (header: BlockHeader) => void): () => void
  close(): Promise<void>
}

export async function subscribeHeads(
  connection: RpcConnection,
  hashOf: (header: unknown) => string,
  log: Log,
): Promise<Heads> {
  const listeners = new Set<(header: BlockHeader) => void>()
  let last = -1
  let onFirst: (() => void) | undefined
  const first = new Promise<void>((resolve) => {
    onFirst = resolve
  })
  const onHead = (error: Error | null, raw: unknown) => {
    if (error !== null) return
    const { number } = z.object({ number: z.string() }).parse(raw)
    const header = { number: Number(number), hash: hashOf(raw) }
    // After a lost connection the node repeats its newest block.
    if (header.number <= last) return
    last = header.number
    onFirst?.()
    for (const listener of listeners) {
      try {
        listener(header)
      } catch (thrown) {
        log.error({ error: String(thrown), block: header.number }, 'block listener failed')
      }
    }
  }
  const started = connection.provider.subscribe(NOTIFICATION, 'chain_subscribeFinalizedHeads', [], onHead)
  const id = await connection.within('subscribing to blocks', started)
  // The node begins with its newest block; listeners get those after it.
  await connection.within('the newest block', first)
  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      listeners.clear()
      const method = 'chain_unsubscribeFinalizedHeads'
      await connection
        .within(method, connection.provider.unsubscribe(NOTIFICATION, method, id))
        .catch(() => {})
    },
  }
}
