import type { Hex } from '../runtime/scale.ts'

/** New values by storage key; null removes the key. */
export type Changes = ReadonlyMap<Hex, Hex | null>

/** A chain state as of one block; stays the same while the chain goes on. */
export interface StateView {
  get(key: Hex): Hex | undefined
  /** The first key with `prefix` after `from` (or at it, when `inclusive`), in byte order. */
  nextKey(prefix: Hex, from: Hex, inclusive: boolean): Hex | undefined
}

/** The state of the newest block, in memory, with its keys in order. */
export interface State extends StateView {
  readonly size: number
  /** Applies the changes and returns those that undo them; a write of the present value counts as no change. */
  apply(changes: Changes): Changes
  entries(): Iterable<[Hex, Hex]>
}

export function createState(entries: Iterable<readonly [Hex, Hex]> = []): State {
  const values = new Map<Hex, Hex>(entries)
  const keys = [...values.keys()].sort()

  const write = (key: Hex, value: Hex | null) => {
    if (value === null) {
      values.delete(key)
      keys.splice(lowerBound(keys, key), 1)
      return
    }
    if (!values.has(key)) keys.splice(lowerBound(keys, key), 0, key)
    values.set(key, value)
  }

  return {
    get size() {
      return values.size
    },
    get: (key) => values.get(key),
    nextKey(prefix, from, inclusive) {
      const start = from < prefix ? prefix : from
      let index = lowerBound(keys, start)
      if (keys[index] === from && !inclusive) index++
      const found = keys[index]
      return found?.startsWith(prefix) ? found : undefined
    },
    apply(changes) {
      const undo = new Map<Hex, Hex | null>()
      for (const [key, value] of changes) {
        const before = values.get(key) ?? null
        if (before === value) continue
        undo.set(key, before)
        write(key, value)
      }
      return undo
    },
    entries: () => values.entries(),
  }
}

/** Up to `count` keys with `prefix`, after `start` when that is given. */
export function pageOfKeys(view: StateView, prefix: Hex, count: number, start?: Hex): Hex[] {
  const page: Hex[] = []
  let next = view.nextKey(prefix, start ?? prefix, start === undefined)
  while (next !== undefined && page.length < count) {
    page.push(next)
    next = view.nextKey(prefix, next, false)
  }
  return page
}

/** A view through later changes: what an older block's state was, given the newest and how to undo up to it. */
export function overlay(base: StateView, undo: readonly Changes[]): StateView {
  const before = (key: Hex): Hex | null | undefined => {
    for (const changes of undo) {
      const value = changes.get(key)
      if (value !== undefined) return value
    }
    return undefined
  }
  return {
    get(key) {
      const value = before(key)
      return value === undefined ? base.get(key) : (value ?? undefined)
    },
    nextKey(prefix, from, inclusive) {
      let best = base.nextKey(prefix, from, inclusive)
      while (best !== undefined && before(best) === null) best = base.nextKey(prefix, best, false)
      for (const changes of undo) {
        for (const key of changes.keys()) {
          const after = inclusive ? key >= from : key > from
          if (after && key.startsWith(prefix) && (best === undefined || key < best) && before(key) !== null) {
            best = key
          }
        }
      }
      return best
    },
  }
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly Hex[], key: Hex): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
