import { describe, expect, it } from 'vitest'
import type { Bar } from '../../../scripts/bench/suite.ts'
import type { PartName } from '../../../scripts/bench/swarm/parts.ts'
import { ASKED, standingOf } from '../../../scripts/bench/swarm/report/asked.ts'
import { verdict } from '../../../scripts/bench/swarm/report/figures.ts'
import { outcomeRows } from '../../../scripts/bench/swarm/report/outcomes.ts'
import { renderPage } from '../../../scripts/bench/swarm/report/page.ts'
import { tablesOf } from '../../../scripts/bench/swarm/report/tables.ts'
import type { SwarmResults } from '../../../scripts/bench/swarm/run-parts.ts'

const bar = (name: string, value: number, note?: string): Bar => {
  return { name, value, unit: 'ratio', ...(note && { note }) }
}

function results(parts: Partial<Record<PartName, { facts: unknown; bars: Bar[] }>>): SwarmResults {
  const timings = { seconds: 60, loadAverage: 0 }
  const measured = Object.entries(parts).map(([name, part]) => [name, { ...part, timings }])
  return { quick: true, seed: 1, parts: Object.fromEntries(measured), failed: {} }
}

const environment = { cpu: 'a <fast> one', cores: 2, node: 'v20', commit: 'abc', seed: 1, loadAverage: 0 }
const pageOf = (raw: SwarmResults) => renderPage({ suite: 'swarm', quick: true, environment, raw, bars: [] })

describe('how a bar stands', () => {
  it.each([
    ['honest.top1', 0.6, 'yes'],
    ['honest.top1', 0.59, 'no, by 0.01'],
    ['clique60.pay', 1.05, 'yes'],
    ['clique60.pay', 1.2, 'no, by 0.15'],
    ['real.gainLow', 0, 'no, by 0'],
    ['real.gainLow', 0.1, 'yes'],
    ['lazyJudge.gain', 0, 'no, by 0'],
    ['lazyJudge.gain', -0.1, 'yes'],
    ['verdict.mismatch', Number.NaN, 'no, by ∞'],
    ['something.new', 7, 'no bar'],
  ])('%s at %d: %s', (name, value, told) => {
    const one = bar(name, value)
    expect(verdict(one, [one], false)).toBe(told)
    if (told === 'yes') expect(verdict(one, [one], true)).toMatch(/^so far/)
  })

  it('may be held to another bar, and to nothing where that one is missing', () => {
    const swarm = bar('real.swarm', 0.8)
    expect(standingOf(swarm, [swarm, bar('real.bestSingle', 0.8)])).toBe('met')
    expect(standingOf(swarm, [swarm, bar('real.bestSingle', 0.81)])).toBe('missed')
    expect(standingOf(swarm, [swarm])).toBe('reported')
  })
})

describe('tables', () => {
  it('hold what was measured in the order of the design, and name what was not run', () => {
    const raw = results({
      fit: { facts: {}, bars: [bar('fit256', 140)] },
      top1: { facts: {}, bars: [bar('honest.top1', 0.7, '60 | runs'), bar('nodes.64', 0.9, 'of 64')] },
    })
    const { bars, reported, run, fortytwo } = tablesOf(raw)
    const lines = bars!.split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toMatch(/≥ 0\.6 \| 0\.7 \(60 \\\| runs\) .* \| so far; .* \|$/)
    expect(lines[3]).toMatch(/140 .* no, by 40 \|$/)
    expect(reported).toContain('`nodes.64` | 0.9 | of 64')
    expect(run).toMatch(/2 minutes\. Not run: cliques, .*devnet\.$/)
    expect(fortytwo).toContain('not run')
  })

  it('set real outputs beside what Fortytwo published, in points', () => {
    const bars = [
      bar('real.swarm', 0.7),
      bar('real.majority', 0.64),
      bar('real.bestSingle', 0.65),
      bar('real.oracle', 0.75),
    ]
    const { fortytwo } = tablesOf(results({ real: { facts: {}, bars } }))
    expect(fortytwo).toContain('+6.00 points (64.0 % to 70.0 %)')
    expect(fortytwo).toContain('70.0 % against 65.0 %')
    expect(fortytwo).toContain('| 50.0 % |')
  })
})

it('lists every value of the facts in a row of its own', () => {
  const facts = { cells: [{ share: 0.2, pay: { low: 1, high: 2 } }, { share: 0.4 }], n: 15, note: null }
  expect(outcomeRows(results({ cliques: { facts, bars: [] } }))).toEqual([
    ['part', 'table', 'row', 'column', 'value'],
    ['cliques', 'cells', 0, 'share', 0.2],
    ['cliques', 'cells', 0, 'pay.low', 1],
    ['cliques', 'cells', 0, 'pay.high', 2],
    ['cliques', 'cells', 1, 'share', 0.4],
    ['cliques', '', 0, 'n', 15],
    ['cliques', '', 0, 'note', undefined],
  ])
})

describe('the page', () => {
  it('names every bar and every part, run or not', () => {
    const page = pageOf(results({}))
    for (const { what } of Object.values(ASKED)) expect(page).toContain(what.split(/[<>&"]/)[0])
    expect(page.match(/not run/g)!.length).toBeGreaterThanOrEqual(Object.keys(ASKED).length)
  })

  it('needs nothing but itself, and takes no text for markup', () => {
    const note = '<script>alert(1)</script>'
    const raw = results({ fit: { facts: {}, bars: [bar('fit256', 1, note), bar('other', 2, note)] } })
    const page = pageOf(raw)
    expect(page).not.toMatch(/<script|<link|src=|href="(?!#)|@import|url\(/)
    expect(page.match(/&lt;script&gt;/g)).toHaveLength(2)
    expect(page).toContain('a &lt;fast&gt; one')
  })

  it('of a scenario is about that alone', () => {
    const raw = results({ scenario: { facts: {}, bars: [bar('scenario.clique.pay', 0.9, 'of 4')] } })
    const page = pageOf(raw)
    expect(page).not.toContain('not run')
    expect(page).toContain('scenario.clique.pay')
    expect(tablesOf(raw)).toEqual({})
  })

  it('says so where a file holds a part in another form', () => {
    const strange = Object.fromEntries(
      ['top1', 'cliques', 'real'].map((name) => [name, { facts: 7, bars: [] }]),
    )
    expect(() => pageOf(results(strange))).not.toThrow()
  })
})
