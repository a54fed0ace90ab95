import { describe, expect, it } from 'vitest'
import { PART_NAMES, PARTS } from '../../../../scripts/bench/swarm/parts.ts'
import { barsOf, earlierResults, type SwarmResults } from '../../../../scripts/bench/swarm/run-parts.ts'

const timings = { seconds: 1, loadAverage: 0 }
const measured = (name: string) => ({ facts: {}, bars: [{ name, value: 1, unit: 'ratio' }], timings })
const results: SwarmResults = { quick: true, seed: 1, parts: {}, failed: {} }

describe('the suite swarm', () => {
  it('runs every part but the scenario’s, which runs alone', () => {
    expect(Object.keys(PARTS).filter((name) => !(PART_NAMES as readonly string[]).includes(name))).toEqual([
      'scenario',
    ])
  })

  it('lists the bars of what was measured, in the order of the parts', () => {
    const parts = { lazy: measured('second'), fit: measured('first'), scenario: measured('last') }
    expect(barsOf({ ...results, parts }).map(({ name }) => name)).toEqual(['first', 'second', 'last'])
  })

  it('goes on with a run of the same seed, and no other', () => {
    expect(earlierResults({ ...results, failed: { fit: 'x' } }, results).failed).toEqual({ fit: 'x' })
    for (const other of [
      { ...results, seed: 2 },
      { ...results, quick: false },
      { model: {}, quick: true, seed: 1 },
      null,
    ])
      expect(() => earlierResults(other, results)).toThrow(/suite swarm with seed 1 and --quick/)
  })
})
