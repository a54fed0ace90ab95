import { RpcError } from '../rpc/rpc-error.ts'
import type { Hex } from '../runtime/scale.ts'
import type { Validity } from '../runtime/validity.ts'

/** Transactions that wait for a block, at most. */
const POOL_LIMIT = 8192

/** What a pool tells whoever watches a transaction; the names are those of the JSON-RPC interface. */
export type PoolStatus = 'ready' | 'future' | 'invalid' | { usurped: Hex }
export type PoolListener = (status: PoolStatus) => void

interface Entry {
  transaction: Hex
  hash: Hex
  priority: bigint
  requires: Set<Hex>
  provides: readonly Hex[]
  /** First block that this is no longer valid in. */
  expires: number
  listener: PoolListener | undefined
}

/**
 * Transactions that wait for a block, ordered as in a Substrate node: by the tags that the runtime gave them. One whose
 * nonce is ahead of its account requires the tag of the nonce before; it is kept until that one is in a block or before
 * it in the same block. Nothing is dropped without telling the one who watches it.
 */
export interface Pool {
  readonly size: number
  /** Throws an RpcError when it is there already, or when another with the same nonce and no less priority is. */
  add(transaction: Hex, hash: Hex, validity: Validity, block: number, listener?: PoolListener): void
  /** Those that can go into the next block, in an order in which they can. */
  ready(): Hex[]
  /** All, ready or not. */
  all(): Hex[]
  /** Tags that the ready ones will provide. */
  provided(): Set<Hex>
  /** Takes out what is in the block, and what can no longer be. */
  settle(block: number, included: readonly Hex[], refused: readonly Hex[]): void
}

export function createPool(): Pool {
  const entries = new Map<Hex, Entry>()

  const readyEntries = (): Entry[] => {
    const byPriority = [...entries.values()].sort((a, b) => Number(b.priority - a.priority))
    const missing = new Map(byPriority.map((entry) => [entry, entry.requires.size]))
    const waiting = new Map<Hex, Entry[]>()
    for (const entry of byPriority) {
      for (const tag of entry.requires) waiting.set(tag, [...(waiting.get(tag) ?? []), entry])
    }
    const ready = byPriority.filter((entry) => missing.get(entry) === 0)
    // Grows while it is walked: what an entry provides makes others ready.
    for (const entry of ready) {
      for (const follower of entry.provides.flatMap((tag) => waiting.get(tag) ?? [])) {
        const left = (missing.get(follower) ?? 0) - 1
        missing.set(follower, left)
        if (left === 0) ready.push(follower)
      }
    }
    return ready
  }

  const remove = (entry: Entry, status?: PoolStatus) => {
    entries.delete(entry.transaction)
    if (status !== undefined) entry.listener?.(status)
  }

  return {
    get size() {
      return entries.size
    },
    add(transaction, hash, validity, block, listener) {
      if (entries.has(transaction)) throw new RpcError(1013, 'Transaction Already Imported', hash)
      if (entries.size >= POOL_LIMIT) {
        throw new RpcError(1016, 'Immediately Dropped', 'The transaction pool is full')
      }
      const rivals = [...entries.values()].filter(({ provides }) =>
        provides.some((tag) => validity.provides.includes(tag)),
      )
      const rival = rivals.find(({ priority }) => priority >= validity.priority)
      if (rival !== undefined) {
        const message = `Priority is too low: (${rival.priority} vs ${validity.priority})`
        const data =
          'The transaction has too low priority to replace another transaction already in the pool.'
        throw new RpcError(1014, message, data)
      }
      for (const usurped of rivals) remove(usurped, { usurped: hash })
      const entry: Entry = {
        transaction,
        hash,
        priority: validity.priority,
        requires: new Set(validity.requires),
        provides: validity.provides,
        expires: Number(BigInt(block) + 1n + validity.longevity),
        listener,
      }
      entries.set(transaction, entry)
      listener?.(readyEntries().includes(entry) ? 'ready' : 'future')
    },
    ready: () => readyEntries().map(({ transaction }) => transaction),
    all: () => [...entries.keys()],
    provided: () => new Set(readyEntries().flatMap(({ provides }) => provides)),
    settle(block, included, refused) {
      for (const transaction of included) {
        const entry = entries.get(transaction)
        if (entry === undefined) continue
        remove(entry)
        for (const other of entries.values()) for (const tag of entry.provides) other.requires.delete(tag)
      }
      for (const transaction of refused) {
        const entry = entries.get(transaction)
        if (entry !== undefined) remove(entry, 'invalid')
      }
      for (const entry of entries.values()) if (entry.expires <= block) remove(entry, 'invalid')
    },
  }
}
