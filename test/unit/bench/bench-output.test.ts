import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  checkWritable,
  outcomesPath,
  renderBars,
  renderBarsCsv,
  renderCsv,
} from '../../../scripts/bench/output.ts'
import { createProgress } from '../../../scripts/bench/progress.ts'
import { median, perSecond, timeFor, timeRuns } from '../../../scripts/bench/timing.ts'

const folder = mkdtempSync(join(tmpdir(), 'starling-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bars = [
  { name: 'a', value: 1_234.5678, unit: 'ms', note: 'say "x", y' },
  { name: 'b', value: 12, unit: 'vectors' },
]

describe('bars', () => {
  it('are a table without columns that nobody uses', () => {
    const table = renderBars(bars)
    expect(table).toContain('1235 │ ms')
    expect(table).toContain('12 │ vectors')
    expect(table).not.toMatch(/floor|published/)
    expect(renderBars([{ name: 'c', value: 1, unit: 'x', floor: 0.25 }])).toMatch(/floor[\s\S]*0\.25/)
  })

  it('are comma-separated values with quotes where they are needed', () => {
    expect(renderBarsCsv(bars)).toBe(
      'name,value,unit,floor,published,note\r\na,1234.5678,ms,,,"say ""x"", y"\r\nb,12,vectors,,,\r\n',
    )
  })

  it('have the raw outcomes beside them, as rows in which nothing is an empty cell', () => {
    expect(
      renderCsv([
        ['part', 'value'],
        ['a,b', undefined],
        ['c', 0.5],
      ]),
    ).toBe('part,value\r\n"a,b",\r\nc,0.5\r\n')
    expect(outcomesPath('runs/swarm.csv')).toBe('runs/swarm.outcomes.csv')
    expect(outcomesPath('runs/swarm')).toBe('runs/swarm.outcomes.csv')
  })

  it('go only to a file that can be written', async () => {
    await expect(checkWritable(join(folder, 'new.json'))).resolves.toBeUndefined()
    for (const path of [folder, join(folder, 'missing', 'new.json')]) {
      await expect(checkWritable(path)).rejects.toMatchObject({ code: 'BENCH_OUTPUT' })
    }
  })
})

describe('progress', () => {
  const watch = (isTerminal: boolean) => {
    const written: string[] = []
    let time = 0
    const progress = createProgress(() => time, { write: (text) => written.push(text), isTerminal })
    const at = (ms: number) => {
      time = ms
      progress.report('subnets', ms, 9_999)
    }
    return { written, progress, at }
  }

  it('says nothing of what is done within two seconds', () => {
    const { written, progress, at } = watch(true)
    for (const ms of [0, 1_000, 1_999]) at(ms)
    progress.end()
    expect(written).toEqual([])
  })

  it('is one line on a terminal, written over and taken away', () => {
    const { written, progress, at } = watch(true)
    for (const ms of [2_000, 2_100, 2_200]) at(ms)
    progress.end()
    const clear = '\r\x1b[2K'
    expect(written).toEqual([`${clear}subnets: 2000 of 9999`, `${clear}subnets: 2200 of 9999`, clear])
  })

  it('is a line every ten seconds elsewhere', () => {
    const { written, progress, at } = watch(false)
    for (let ms = 0; ms <= 23_000; ms += 500) at(ms)
    progress.end()
    expect(written).toEqual([
      'subnets: 2000 of 9999\n',
      'subnets: 12000 of 9999\n',
      'subnets: 22000 of 9999\n',
    ])
  })
})

describe('timings', () => {
  /** A clock that goes on by what each run is said to take. */
  const clockOf = (durations: readonly number[]) => {
    let time = 0
    let runs = 0
    return {
      now: () => time,
      run: () => {
        time += durations[runs++]!
      },
      runs: () => runs,
    }
  }

  it('leave the first run out', async () => {
    const clock = clockOf([1_000, 1, 2, 3])
    expect(await timeRuns(3, clock.now, clock.run)).toEqual([1, 2, 3])
    expect(clock.runs()).toBe(4)
  })

  it('go on for as long as they are told, within 5 and 500 runs', async () => {
    const long = clockOf([9, ...Array(9).fill(40)])
    expect(await timeFor(100, long.now, long.run)).toHaveLength(5)
    const short = clockOf([9, ...Array(99).fill(10)])
    expect(await timeFor(100, short.now, short.run)).toHaveLength(10)
    const swift = clockOf(Array(999).fill(0.1))
    expect(await timeFor(100, swift.now, swift.run)).toHaveLength(500)
  })

  it('have a median, which makes a rate', () => {
    expect(median([3, 1, 100])).toBe(3)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(perSecond([3, 4, 5])).toBe(250)
  })
})
