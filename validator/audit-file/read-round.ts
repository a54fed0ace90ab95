import { readRecord } from '../transcript/line.ts'
import type { RecordKind, RecordOf, RoundRecord } from '../transcript/records.ts'
import type { FileLine } from './check-seal.ts'
import type { Fault } from './report.ts'

/** A record with its line in the file. */
export interface Placed<Kind extends RecordKind> {
  /** From 1. */
  readonly line: number
  readonly record: RecordOf<Kind>
}

/** One of any kind. */
export interface PlacedRecord {
  readonly line: number
  readonly record: RoundRecord
}

/** Kinds of record in the order in which they stand; those marked as a list may stand there any number of times. */
const LAYOUT = {
  round: 'one',
  neurons: 'one',
  model: 'list',
  previous: 'one',
  book: 'one',
  draw: 'one',
  participant: 'list',
  challenge: 'list',
  answer: 'list',
  anchor: 'one',
  headers: 'one',
  beacon: 'one',
  judged: 'list',
  verdict: 'list',
  controls: 'one',
  ranking: 'one',
  outcome: 'one',
  row: 'list',
  settled: 'one',
  standing: 'one',
} as const satisfies Record<RecordKind, 'one' | 'list'>

/** A published round, read. */
export type RoundFile = {
  readonly [Kind in RecordKind]: (typeof LAYOUT)[Kind] extends 'one' ? Placed<Kind> : readonly Placed<Kind>[]
}

const KINDS = Object.keys(LAYOUT) as RecordKind[]

/** Reads the lines before the seal. @returns the round, or where it is none and why */
export function readRound(lines: readonly FileLine[]): { file: RoundFile } | { faults: Fault[] } {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const faults: Fault[] = []
  const placed: PlacedRecord[] = []
  for (const { number, bytes } of lines) {
    const read = readRecord(textOf(decoder, bytes))
    if ('record' in read) placed.push({ line: number, record: read.record })
    else faults.push({ line: number, ...(read.field !== '' && { field: read.field }), why: read.why })
  }
  if (faults.length === 0) faults.push(...orderFaults(placed))
  if (faults.length > 0) return { faults }
  const file = Object.fromEntries(
    KINDS.map((kind) => {
      const those = placed.filter(({ record }) => record.kind === kind)
      return [kind, LAYOUT[kind] === 'one' ? those[0] : those]
    }),
  )
  return { file: file as unknown as RoundFile }
}

function textOf(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return ''
  }
}

function orderFaults(placed: readonly PlacedRecord[]): Fault[] {
  const faults: Fault[] = []
  let last = -1
  for (const { line, record } of placed) {
    const at = KINDS.indexOf(record.kind)
    if (at < last) faults.push({ line, record: record.kind, why: `stands behind a ${KINDS[last]} record` })
    else if (at === last && LAYOUT[record.kind] === 'one')
      faults.push({ line, record: record.kind, why: 'is there twice' })
    last = Math.max(last, at)
  }
  const missing = KINDS.filter(
    (kind) => LAYOUT[kind] === 'one' && !placed.some(({ record }) => record.kind === kind),
  )
  return [...faults, ...missing.map((kind) => ({ record: kind, why: 'there is none' }))]
}
