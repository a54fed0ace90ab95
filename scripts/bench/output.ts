import { access, constants, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import Table from 'cli-table3'
import { StarlingError } from '../../shared/process/errors.ts'
import type { Environment } from './environment.ts'
import type { Bar, CsvCell } from './suite.ts'

/** The bars for a terminal; a column that no bar uses is left out. */
export function renderBars(bars: readonly Bar[]): string {
  const columns = [
    { head: 'floor', cell: ({ floor }: Bar) => (floor === undefined ? '' : formatNumber(floor)) },
    {
      head: 'published',
      cell: ({ published }: Bar) => (published === undefined ? '' : formatNumber(published)),
    },
    { head: 'note', cell: ({ note }: Bar) => note ?? '' },
  ].filter(({ cell }) => bars.some((bar) => cell(bar) !== ''))
  const table = new Table({
    style: { head: [], border: [] },
    // No lines between rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['bar', 'value', 'unit', ...columns.map(({ head }) => head)],
    colAligns: ['left', 'right'],
  })
  for (const bar of bars) {
    table.push([bar.name, formatNumber(bar.value), bar.unit, ...columns.map(({ cell }) => cell(bar))])
  }
  return table.toString()
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

export function renderEnvironment(environment: Environment): string {
  const { cpu, cores, node, commit, seed, loadAverage } = environment
  return `${cpu}, ${cores} cores, node ${node}, commit ${commit}, seed ${seed}, load average ${loadAverage}`
}

/** Bars as comma-separated values. */
export function renderBarsCsv(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => [bar.name, bar.value, bar.unit, bar.floor, bar.published, bar.note])
  return renderCsv([['name', 'value', 'unit', 'floor', 'published', 'note'], ...rows])
}

/** Rows as comma-separated values (RFC 4180). */
export function renderCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(value: CsvCell): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Where --csv puts the outcomes, beside the bars: `x.csv` has `x.outcomes.csv`. */
export function outcomesPath(path: string): string {
  return `${path.replace(/\.csv$/, '')}.outcomes.csv`
}

/** Throws `BENCH_OUTPUT` before a long run rather than after it. */
export async function checkWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) throw new Error('it is a folder')
    await access(found === undefined ? dirname(path) : path, constants.W_OK)
  } catch (cause) {
    throw new StarlingError('BENCH_OUTPUT', `cannot write ${path}`, 'name a file in a folder that is there', {
      cause,
    })
  }
}

export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new StarlingError('BENCH_OUTPUT', `cannot write ${path}`, 'name another file', { cause })
  }
}

/** `raw` of the run that a file holds; undefined where there is no file yet. @throws StarlingError BENCH_OUTPUT */
export async function readEarlier(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text).raw
  } catch (cause) {
    throw new StarlingError('BENCH_OUTPUT', `${path} holds no earlier run`, 'name another file', { cause })
  }
}
