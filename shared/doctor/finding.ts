import { printableLine } from '../process/printable.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly name: string
  /** A warning costs nothing yet; a failure keeps the program from starting, or from earning. */
  readonly verdict: 'ok' | 'warning' | 'failure'
  readonly found: string
  /** What to do; absent where all is well. */
  readonly remedy?: string
}

/** What was looked for outside of this process: it came, or the line that says why not. */
export type Looked<T> = { readonly value: T } | { readonly error: string; readonly remedy?: string }

export function ok(name: string, found: string): Finding {
  return { name, verdict: 'ok', found }
}

export function warning(name: string, found: string, remedy: string): Finding {
  return { name, verdict: 'warning', found, remedy }
}

export function failure(name: string, found: string, remedy: string): Finding {
  return { name, verdict: 'failure', found, remedy }
}

/** True where nothing failed; warnings are no failures. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'failure')
}

/** For a terminal: a line for what was found, and below it what to do. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const counts = (['ok', 'warning', 'failure'] as const).map((verdict) => {
    return `${findings.filter((finding) => finding.verdict === verdict).length} ${verdict}`
  })
  return [
    ...findings.flatMap(({ name, verdict, found, remedy }) => [
      printableLine(`${verdict.padEnd(7)}  ${name.padEnd(width)}  ${found}`),
      ...(remedy === undefined ? [] : [printableLine(`${' '.repeat(width + 11)}→ ${remedy}`)]),
    ]),
    '',
    counts.join(', '),
  ].join('\n')
}
