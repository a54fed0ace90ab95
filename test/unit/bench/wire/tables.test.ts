import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillTables } from '../../../../scripts/bench/document.ts'
import { ASKED } from '../../../../scripts/bench/wire/asked.ts'
import { PART_NAMES } from '../../../../scripts/bench/wire/parts.ts'
import { isMet, tablesOf } from '../../../../scripts/bench/wire/tables.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/wire.md'), 'utf8')
const timings = { seconds: 60, loadAverage: 0.4 }
const bars = [
  { name: 'echo.ratio', value: 0.71, unit: 'ratio', note: 'ours over a bare ws' },
  { name: 'rss256', value: 312.5, unit: 'MB' },
  { name: 'echo.tcp', value: 81_234, unit: 'exchanges/s' },
]
const tables = tablesOf({ quick: false, failed: {}, parts: { echo: { bars, timings } } }, bars)

describe('tables of the suite wire', () => {
  it('say what was asked, and whether it was met', () => {
    expect(tables['wire bars']).toContain(
      '| `echo.ratio` | at least 0.7 | 0.71 | yes | ours over a bare ws |',
    )
    expect(tables['wire bars']).toContain('| `rss256` | at most 300 MB | 313 MB | no |  |')
    expect(tables['wire figures']).toContain('| `echo.tcp` | 81,234 exchanges/s |  |')
  })

  it('say under what load, and what was left out', () => {
    expect(tables['wire run']).toContain('1.0 minutes, load average before each part 0.4 to 0.4.')
    expect(tables['wire run']).toContain('Not run: signed, http, axon, messages, rss256.')
    const nothing = tablesOf({ quick: true, failed: {}, parts: {} }, [])
    expect(nothing['wire run']).toBe('Not run.')
  })

  it('have a place on the page', () => {
    expect(fillTables(page, tables)).toHaveProperty('page')
  })

  it('hold a bar at its very edge', () => {
    const bar = { unit: 'ms' }
    expect(isMet({ ...bar, name: 'commit.p99', value: 50 })).toBe(true)
    expect(isMet({ ...bar, name: 'commit.p99', value: 50.01 })).toBe(false)
    expect(isMet({ ...bar, name: 'echo.ratio', value: 0.7 })).toBe(true)
    expect(isMet({ ...bar, name: 'echo.ratio', value: Number.NaN })).toBe(false)
  })
})

describe('bars of the suite wire', () => {
  it('are those of its parts', () => {
    const parts = Object.keys(ASKED).map((name) => name.split('.')[0]!)
    // Both are measured with all miners connected.
    expect(parts.map((part) => (part === 'commit' ? 'rss256' : part))).toSatisfy((names: string[]) =>
      names.every((name) => (PART_NAMES as string[]).includes(name)),
    )
  })
})
