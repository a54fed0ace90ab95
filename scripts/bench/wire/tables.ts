import { markdownTable } from '../markdown-table.ts'
import type { Bar } from '../suite.ts'
import { ASKED, type Asked } from './asked.ts'
import { PART_NAMES } from './parts.ts'
import type { WireResults } from './suite.ts'

/** The tables of docs/wire.md by name, as Markdown. */
export function tablesOf(results: WireResults, bars: readonly Bar[]): Record<string, string> {
  const [held, reported] = [true, false].map((isHeld) => bars.filter(({ name }) => name in ASKED === isHeld))
  return {
    'wire run': runLine(results),
    'wire bars': markdownTable(
      ['bar', 'asked', 'measured', 'met', 'made of'],
      held!.map((bar) => [
        `\`${bar.name}\``,
        askedOf(bar),
        shown(bar),
        isMet(bar) ? 'yes' : 'no',
        bar.note ?? '',
      ]),
    ),
    'wire figures': markdownTable(
      ['figure', 'measured', 'made of'],
      reported!.map((bar) => [`\`${bar.name}\``, shown(bar), bar.note ?? '']),
    ),
  }
}

/** Whether a bar holds what is asked of it. */
export function isMet({ name, value }: Bar): boolean {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Asked = ASKED[name] ?? {}
  return value >= least && value <= most
}

function askedOf({ name, unit }: Bar): string {
  const { least, most } = ASKED[name]!
  return least === undefined ? `at most ${most} ${unit}` : `at least ${least}`
}

function shown({ value, unit }: Bar): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  const figure = value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, value >= 1_000 ? ',' : '')
  return unit === 'ratio' ? figure : `${figure} ${unit}`
}

function runLine({ quick, parts }: WireResults): string {
  const measured = PART_NAMES.flatMap((name) => parts[name] ?? [])
  if (measured.length === 0) return 'Not run.'
  const loads = measured.map(({ timings }) => timings.loadAverage)
  const seconds = measured.reduce((sum, { timings }) => sum + timings.seconds, 0)
  const left = PART_NAMES.filter((name) => parts[name] === undefined)
  return [
    `${quick ? 'Small samples (`--quick`)' : 'Full samples'}, ${(seconds / 60).toFixed(1)} minutes,`,
    `load average before each part ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
    ...(left.length === 0 ? [] : [`Not run: ${left.join(', ')}.`]),
  ].join(' ')
}
