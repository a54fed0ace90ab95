import { printableLine } from '../shared/process/printable.ts'

/** One thing that was looked at, and what came out: `open` where nothing can be said yet. */
export interface CheckLine {
  readonly name: string
  readonly verdict: 'pass' | 'fail' | 'open'
  /** One line; where it failed, with what to do. */
  readonly detail: string
}

/** True where nothing speaks against it. */
export function holds(lines: readonly CheckLine[]): boolean {
  return lines.every(({ verdict }) => verdict !== 'fail')
}

/** For a terminal: verdict, name and figure in columns. */
export function renderChecks(lines: readonly CheckLine[]): string {
  const width = Math.max(...lines.map(({ name }) => name.length))
  return lines
    .map(({ name, verdict, detail }) => printableLine(`${verdict}  ${name.padEnd(width)}  ${detail}`))
    .join('\n')
}
