import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ZERO_HASH } from '../../../shared/chain/devnet/runtime/header.ts'
import type { Hex } from '../../../shared/chain/devnet/runtime/scale.ts'
import { createHistory } from '../../../shared/chain/devnet/storage/history.ts'
import {
  createState,
  overlay,
  pageOfKeys,
  type StateView,
} from '../../../shared/chain/devnet/storage/state.ts'

// Few short keys, so that writes hit the same ones and prefixes match.
const key = fc
  .array(fc.constantFrom('00', '01', 'ff'), { minLength: 1, maxLength: 3 })
  .map((parts): Hex => `0x${parts.join('')}`)
const value = fc.constantFrom<Hex | null>('0x01', '0x02', null)
const changes = fc.array(fc.tuple(key, value), { maxLength: 8 }).map((entries) => new Map(entries))

type Model = Map<Hex, Hex>

function applied(model: Model, block: ReadonlyMap<Hex, Hex | null>): Model {
  const next = new Map(model)
  for (const [name, to] of block) {
    if (to === null) next.delete(name)
    else next.set(name, to)
  }
  return next
}

function expectEqual(view: StateView, model: Model): void {
  const sorted = [...model.keys()].sort()
  expect(pageOfKeys(view, '0x', 1000)).toEqual(sorted)
  for (const prefix of ['0x00', '0x01', '0x0001', '0xff'] as const) {
    const matching = sorted.filter((name) => name.startsWith(prefix))
    expect(pageOfKeys(view, prefix, 1000)).toEqual(matching)
    const [first] = matching
    if (first !== undefined) expect(pageOfKeys(view, prefix, 2, first)).toEqual(matching.slice(1, 3))
  }
  for (const name of ['0x00', '0x01', '0xff', '0x0000', '0x00ff01'] as const)
    expect(view.get(name)).toBe(model.get(name))
}

const blockAt = (number: number) => ({
  number,
  hash: `0x${number}` as Hex,
  header: { parentHash: ZERO_HASH, number, stateRoot: ZERO_HASH, extrinsicsRoot: ZERO_HASH, logs: [] },
  extrinsics: [],
})

describe('state and history', () => {
  it('keeps the state of every block within its depth, and no other', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 12 }), fc.integer({ min: 0, max: 12 }), (blocks, depth) => {
        const history = createHistory(blockAt(0), { block: blockAt(0), state: [] }, depth)
        const models: Model[] = [new Map()]
        const early = history.stateAt(history.head)
        for (const [i, block] of blocks.entries()) {
          history.append(blockAt(i + 1), block)
          models.push(applied(models[i] ?? new Map(), block))
        }
        for (const [number, model] of models.entries()) {
          const block = history.byNumber(number)
          const view = block && history.stateAt(block)
          if (blocks.length - number > depth) expect(view).toBeUndefined()
          else if (view) expectEqual(view, model)
          else expect.unreachable('a state within the depth is kept')
        }
        if (early && blocks.length <= depth) expectEqual(early, new Map())
      }),
    )
  })

  it('undoes what it applied', () => {
    fc.assert(
      fc.property(changes, changes, (first, second) => {
        const state = createState()
        state.apply(first)
        const before = [...state.entries()].sort()
        state.apply(state.apply(second))
        expect([...state.entries()].sort()).toEqual(before)
      }),
    )
  })

  it('shows changes on top of a state without touching it', () => {
    fc.assert(
      fc.property(changes, changes, (base, top) => {
        const model = applied(new Map(), base)
        const state = createState(model)
        expectEqual(overlay(state, [top]), applied(model, top))
        expectEqual(state, model)
      }),
    )
  })
})
