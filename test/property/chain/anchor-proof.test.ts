import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { checkItem, listRoot, proveItem } from '../../../shared/chain/anchor-proof/ordered-trie.ts'
import type { StateVersion } from '../../../shared/chain/anchor-proof/trie-node.ts'
import { createExecutor } from '../../../shared/chain/devnet/runtime/executor.ts'
import { compact, type Hex, toHex } from '../../../shared/chain/devnet/runtime/scale.ts'

/** smoldot's own trie, in wasm. */
const executor = createExecutor()
afterAll(() => executor.close())

const REFERENCE: Record<StateVersion, (items: readonly Uint8Array[]) => Promise<Hex>> = {
  0: (items) => executor.extrinsicsRoot(items.map(toHex)),
  1: (items) => executor.stateRoot(items.map((item, i) => [toHex(compact(i)), toHex(item)])),
}

/** Mostly of a transaction's size, and often of one at which an encoding changes. */
const size = fc.oneof(
  { weight: 4, arbitrary: fc.nat(300) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 63, 64) },
  { weight: 1, arbitrary: fc.nat(5_000) },
)
const count = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.constantFrom(1, 2, 15, 16, 17, 63, 64, 65, 66, 256),
)

/** Bytes that differ from item to item, and now and then do not. */
const item = (length: number, seed: number) => new Uint8Array(length).map((_, i) => (seed % 7) * 37 + i)

const list = count.chain((length) =>
  fc
    .array(size, { minLength: length, maxLength: length })
    .map((sizes) => sizes.map((bytes, i) => item(bytes, i))),
)
const version = fc.constantFrom<StateVersion>(0, 1)
const at = (fraction: number, length: number) => Math.min(Math.floor(fraction * length), length - 1)
const fraction = fc.double({ min: 0, max: 1, noNaN: true })

describe('the trie over a list', () => {
  it('has the root that another implementation gives it', async () => {
    await fc.assert(
      fc.asyncProperty(list, version, async (items, layout) => {
        expect(toHex(listRoot(items, layout))).toBe(await REFERENCE[layout](items))
      }),
      { numRuns: 40 },
    )
  })

  it('proves each item, at its index only', () => {
    fc.assert(
      fc.property(list, version, fraction, fraction, (items, layout, here, there) => {
        const [index, other] = [at(here, items.length), at(there, items.length + 5)]
        const found = proveItem(items, index, layout)
        expect(found.root).toEqual(listRoot(items, layout))
        expect(checkItem(found, index, items[index]!)).toBeUndefined()
        if (other !== index) expect(checkItem(found, other, items[index]!)).toBeDefined()
        expect(checkItem(found, index, Uint8Array.of(...items[index]!, 0))).toBeDefined()
      }),
      { numRuns: 60 },
    )
  })

  it('proves nothing once a byte of it is another', () => {
    fc.assert(
      fc.property(
        list,
        version,
        fraction,
        fraction,
        fc.integer({ min: 1, max: 255 }),
        (items, layout, where, byte, change) => {
          const index = at(where, items.length)
          const { root, proof } = proveItem(items, index, layout)
          const flipped = (bytes: Uint8Array) =>
            bytes.with(at(byte, bytes.length), bytes[at(byte, bytes.length)]! ^ change)
          expect(checkItem({ root: flipped(root), proof }, index, items[index]!)).toBeDefined()
          for (const [i, node] of proof.entries()) {
            expect(
              checkItem({ root, proof: proof.with(i, flipped(node)) }, index, items[index]!),
            ).toBeDefined()
          }
          if (items[index]!.length > 0) {
            expect(checkItem({ root, proof }, index, flipped(items[index]!))).toBeDefined()
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('takes no nodes more, fewer, or in another order', () => {
    fc.assert(
      fc.property(list, version, fraction, (items, layout, where) => {
        const index = at(where, items.length)
        const { root, proof } = proveItem(items, index, layout)
        const others = [proof.slice(0, -1), proof.slice(1), [...proof, proof[0]!], [proof[0]!, ...proof]]
        if (proof.length > 1) others.push(proof.toReversed())
        for (const wrong of others)
          expect(checkItem({ root, proof: wrong }, index, items[index]!)).toBeDefined()
      }),
      { numRuns: 40 },
    )
  })
})
