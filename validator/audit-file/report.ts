import { printableLine } from '../../shared/process/printable.ts'

/** Something in a file that is not as it must be. */
export interface Fault {
  /** Line of the file, from 1; undefined where it is about the file as a whole. */
  readonly line?: number
  /** Kind of the record, and which one: `answer 3 5F…`. */
  readonly record?: string
  /** Place in the record, such as `reveal.tokens`. */
  readonly field?: string
  readonly why: string
}

/** One thing that was looked at. */
export interface Check {
  /** One or two words. */
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What was looked at, and how much of it; or why nothing was. */
  readonly detail: string
  readonly faults: readonly Fault[]
}

/** What an audit found. */
export interface AuditReport {
  /** Of the file, where it could be read. */
  readonly round?: number
  readonly validator?: string
  readonly checks: readonly Check[]
  /** What to know about the round that is no fault, such as numbers that differ from the defaults. */
  readonly notes: readonly string[]
  /** What no file can show. */
  readonly unproven: readonly string[]
}

/** A check from its faults. */
export function checked(name: string, detail: string, faults: readonly Fault[]): Check {
  return { name, status: faults.length === 0 ? 'passed' : 'failed', detail, faults }
}

/** A check that was not made. */
export function skipped(name: string, why: string): Check {
  return { name, status: 'skipped', detail: why, faults: [] }
}

export function isClean({ checks }: AuditReport): boolean {
  return checks.every(({ status }) => status !== 'failed')
}

const MARKS = { passed: 'pass', failed: 'FAIL', skipped: 'skip' } as const
/** Faults of one check that are printed; a file that is wrong throughout has thousands. */
const SHOWN = 10

/** The report as lines for a terminal: one a check, and one a fault. */
export function renderReport({ checks, notes, unproven }: AuditReport): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length))
  return [
    ...checks.flatMap(({ name, status, detail, faults }) => [
      `${MARKS[status]}  ${name.padEnd(width)}  ${detail}`,
      ...faults.slice(0, SHOWN).map((fault) => `      ${renderFault(fault)}`),
      ...(faults.length > SHOWN ? [`      and ${faults.length - SHOWN} more`] : []),
    ]),
    ...notes.map((note) => `note  ${note}`),
    ...(unproven.length === 0
      ? []
      : ['not proven by any file:', ...unproven.map((claim) => `      ${claim}`)]),
    // Names and reasons are the validator's own words, and must not pass for lines of the report.
  ].map(printableLine)
}

/** Where, and why, in one line. */
export function renderFault({ line, record, field, why }: Fault): string {
  const place = [line === undefined ? [] : `line ${line}`, record ?? [], field ?? []].flat().join(', ')
  return place === '' ? why : `${place}: ${why}`
}
