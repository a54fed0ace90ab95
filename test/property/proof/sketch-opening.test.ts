import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { committedRoot, leafCount, sketchLeaves, sketchRoot } from '../../../shared/proof/answer-root.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { SKETCH_VALUES } from '../../../shared/proof/sketch/matrix.ts'
import {
  OPENED_LEAVES,
  openedLeaves,
  openingFault,
  openLeaves,
  type SketchOpening,
} from '../../../shared/proof/sketch/opening.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const finite = fc.float({ noNaN: true, noDefaultInfinity: true })

const answer = fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 70 }).chain((tokens) => {
  const length = tokens.length * SKETCH_VALUES
  const sketches = fc.array(finite, { minLength: length, maxLength: length })
  return fc.record({
    tokens: fc.constant(tokens),
    sketches: sketches.map((values) => Float32Array.from(values)),
  })
})

const opened = fc.record({ answer, beacon: hash, digest: hash }).map(({ answer, beacon, digest }) => {
  const { tokens, sketches } = answer
  const asked = openedLeaves(beacon, digest, leafCount(tokens.length))
  const committed = { tokens, root: sketchRoot(tokens, sketches) }
  return { committed, asked, openings: openLeaves(tokens, sketches, asked), sketches }
})

describe('opened leaves', () => {
  it('are different leaves of the answer, as many as there are up to two, in order', () => {
    fc.assert(
      fc.property(hash, hash, fc.integer({ min: 1, max: 1200 }), (beacon, digest, leaves) => {
        const asked = openedLeaves(beacon, digest, leaves)
        expect(asked).toHaveLength(Math.min(OPENED_LEAVES, leaves))
        expect(new Set(asked).size).toBe(asked.length)
        expect(asked).toEqual([...asked].sort((a, b) => a - b))
        for (const index of asked) expect(index >= 0 && index < leaves).toBe(true)
      }),
    )
  })

  it('are every pair equally often', () => {
    const counts = new Map<string, number>()
    const draws = 6_000
    for (let n = 0; n < draws; n++) {
      const beacon = new Uint8Array(32)
      new DataView(beacon.buffer).setUint32(0, n)
      const pair = openedLeaves(beacon, new Uint8Array(32), 5).join()
      counts.set(pair, (counts.get(pair) ?? 0) + 1)
    }
    expect(counts.size).toBe(10)
    const expected = draws / 10
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 9 degrees of freedom: beyond 27.9 once in a thousand. The beacons are fixed, so this is one draw for ever.
    expect(chiSquare).toBeLessThan(27.9)
  })

  it('change with the beacon and with the commit', () => {
    const fill = (byte: number) => new Uint8Array(32).fill(byte)
    const drawn = [openedLeaves(fill(1), fill(2), 1000), openedLeaves(fill(2), fill(2), 1000)]
    drawn.push(openedLeaves(fill(1), fill(1), 1000))
    expect(new Set(drawn.map(String)).size).toBe(3)
  })
})

describe('committed root', () => {
  it('binds every token, their number, and the tree', () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.nat({ max: 7 }), ({ tokens, sketches }, at, bit) => {
        const root = sketchRoot(tokens, sketches)
        const place = at % tokens.length
        const roots = [
          committedRoot(tokens, root),
          committedRoot(tokens.with(place, tokens[place]! + 1), root),
          committedRoot([...tokens, 0], root),
          committedRoot([...tokens, 0, 0, 0, 0], root),
          committedRoot(tokens, flip(root, at % 32, bit)),
        ]
        expect(new Set(roots.map(toHex)).size).toBe(roots.length)
      }),
    )
  })
})

describe('openings', () => {
  it('of the committed answer have no fault', () => {
    fc.assert(
      fc.property(opened, ({ committed, asked, openings }) => {
        expect(openingFault(committed, asked, openings)).toBeUndefined()
      }),
    )
  })

  it('have a fault after any change to tokens, sketches, place, path or root', () => {
    fc.assert(
      fc.property(
        opened,
        fc.nat(),
        fc.nat(),
        fc.nat({ max: 7 }),
        ({ committed, asked, openings }, a, b, bit) => {
          const { tokens, root } = committed
          const place = a % openings.length
          const opening = openings[place]!
          const withOpening = (change: Partial<SketchOpening>) =>
            openingFault(committed, asked, openings.with(place, { ...opening, ...change }))
          const faults = [
            openingFault(committed, asked, openings.slice(1)),
            openingFault(committed, asked, [...openings, opening]),
            withOpening({ index: opening.index + 1 }),
            withOpening({ path: [...opening.path, root] }),
            withOpening({ sketches: opening.sketches.with(b % opening.sketches.length, 1e9 + b) }),
            withOpening({ sketches: opening.sketches.with(b % opening.sketches.length, Number.NaN) }),
            withOpening({ sketches: opening.sketches.subarray(1) }),
            openingFault({ tokens, root: flip(root, b % 32, bit) }, asked, openings),
          ]
          // A token of the opened leaf.
          const at = opening.index * 4 + (b % (opening.sketches.length / SKETCH_VALUES))
          faults.push(openingFault({ tokens: tokens.with(at, tokens[at]! + 1), root }, asked, openings))
          if (opening.path.length > 0) {
            const sibling = flip(opening.path[0]!, b % 32, bit)
            faults.push(withOpening({ path: opening.path.with(0, sibling) }), withOpening({ path: [] }))
          }
          for (const fault of faults) expect(fault).toBeTypeOf('string')
        },
      ),
    )
  })

  it('of two leaves that were swapped have a fault', () => {
    fc.assert(
      fc.property(opened, ({ committed, asked, openings }) => {
        fc.pre(openings.length === 2)
        const [first, second] = openings as [SketchOpening, SketchOpening]
        expect(openingFault(committed, asked, [second, first])).toMatch(/was opened where/)
        const moved = [
          { ...second, index: first.index },
          { ...first, index: second.index },
        ]
        expect(openingFault(committed, asked, moved)).toBeTypeOf('string')
      }),
    )
  })

  it('bind the bits of a sketch: −0 is not 0', () => {
    const sketches = new Float32Array(SKETCH_VALUES)
    const committed = { tokens: [1], root: sketchRoot([1], sketches) }
    const opening = openLeaves([1], sketches, [0])[0]!
    expect(openingFault(committed, [0], [opening])).toBeUndefined()
    const negated = { ...opening, sketches: sketches.map((value) => -value) }
    expect(openingFault(committed, [0], [negated])).toMatch(/not in the committed tree/)
  })

  it('fit the leaves only where there is a sketch for every token', () => {
    expect(() => sketchLeaves([1, 2, 3, 4, 5], new Float32Array(4 * SKETCH_VALUES))).toThrow(RangeError)
    expect(() => sketchLeaves([1, 2, 3, 4, 5], new Float32Array(6 * SKETCH_VALUES))).toThrow(RangeError)
    expect(() => openLeaves([1], new Float32Array(SKETCH_VALUES), [1])).toThrow(RangeError)
  })
})

function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  return bytes.with(at, bytes[at]! ^ (1 << bit))
}
