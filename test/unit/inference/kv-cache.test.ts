import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KvCache } from '../../../shared/inference/engine/kv-cache.ts'
import { TINY } from './tiny-model.ts'

const HEAD = 16
const parts = [0, 1].flatMap((layer) => [`${layer}.key`, `${layer}.value`])

/** A recognisable value for each sequence, tensor, head and position. */
const mark = (id: number, part: number, head: number, position: number) =>
  id * 1_000_000 + part * 100_000 + head * 10_000 + position

function present(id: number, length: number, padded: number): Map<string, Float32Array> {
  return new Map(
    parts.map((name, part) => {
      const data = new Float32Array(TINY.kvHeads * padded * HEAD).fill(-1)
      for (let head = 0; head < TINY.kvHeads; head++) {
        for (let t = 0; t < length; t++) {
          data.fill(mark(id, part, head, t), (head * padded + t) * HEAD, (head * padded + t + 1) * HEAD)
        }
      }
      return [`present.${name}`, data]
    }),
  )
}

function newRows(ids: readonly number[], cache: KvCache): Map<string, Float32Array> {
  return new Map(
    parts.map((name, part) => {
      const rows = ids.flatMap((id, slot) =>
        Array.from({ length: TINY.kvHeads * HEAD }, (_, i) =>
          mark(id, part, Math.floor(i / HEAD), cache.length(slot)),
        ),
      )
      return [`new.${name}`, Float32Array.from(rows)]
    }),
  )
}

function expectIntact(ids: readonly number[], cache: KvCache): void {
  expect(cache.size).toBe(ids.length)
  if (ids.length === 0) return
  const feeds = cache.feeds()
  for (const [part, name] of parts.entries()) {
    const { data, shape } = feeds[`past.${name}`]!
    expect(shape).toEqual([ids.length, TINY.kvHeads, cache.capacity, HEAD])
    for (const [slot, id] of ids.entries()) {
      for (let head = 0; head < TINY.kvHeads; head++) {
        for (let t = 0; t < cache.length(slot); t++) {
          const at = ((slot * TINY.kvHeads + head) * cache.capacity + t) * HEAD
          if (data[at] !== mark(id, part, head, t)) expect.fail(`slot ${slot} head ${head} position ${t}`)
        }
      }
    }
  }
}

test('sequences keep their rows while others come, grow and go', () => {
  const action = fc.oneof(
    fc.record({
      kind: fc.constant('admit' as const),
      length: fc.integer({ min: 1, max: 200 }),
      pad: fc.nat(9),
    }),
    fc.record({ kind: fc.constant('step' as const), times: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      const cache = new KvCache(TINY, 4)
      const ids: number[] = []
      let next = 1
      for (const act of actions) {
        if (act.kind === 'admit' && ids.length < 4) {
          const padded = act.length + act.pad
          expect(cache.admit(present(next, act.length, padded), 0, padded, act.length)).toBe(ids.length)
          ids.push(next++)
        } else if (act.kind === 'step' && ids.length > 0) {
          for (let i = 0; i < act.times; i++) {
            if (ids.some((_, slot) => cache.length(slot) >= TINY.contextLength)) break
            cache.reserveNext()
            cache.append(newRows(ids, cache))
          }
        } else if (act.kind === 'remove' && ids.length > 0) {
          const slot = act.which % ids.length
          const moved = ids.pop()!
          expect(cache.remove(slot)).toBe(slot !== ids.length)
          if (slot < ids.length) ids[slot] = moved
        }
        expectIntact(ids, cache)
      }
    }),
    { numRuns: 60 },
  )
})

test('capacity follows the longest sequence, up at once and down where that repays the move', () => {
  const cache = new KvCache(TINY, 3)
  const admit = (id: number, length: number) => cache.admit(present(id, length, length), 0, length, length)
  admit(1, 20)
  expect(cache.capacity).toBe(64)
  admit(2, 100)
  expect(cache.capacity).toBe(128)
  admit(3, 230)
  expect(cache.capacity).toBe(256)
  cache.remove(2)
  cache.reserveNext()
  expect(cache.capacity).toBe(128)
  expectIntact([1, 2], cache)
  cache.remove(1)
  cache.reserveNext()
  expect(cache.capacity).toBe(128)
  expectIntact([1], cache)
})
