import { canonicalJson } from '../../shared/proof/canonical-json.ts'
import { encodeLine } from '../transcript/line.ts'
import type { RoundRecord } from '../transcript/records.ts'
import type { PlacedRecord } from './read-round.ts'
import type { Fault } from './report.ts'

/** Compares a record with the one that follows from the rest of the file. @returns where they part, or nothing */
export function recordFaults({ line, record }: PlacedRecord, follows: RoundRecord): Fault[] {
  const parted = difference(JSON.parse(encodeLine(record)), JSON.parse(encodeLine(follows)))
  return parted === undefined ? [] : [{ line, record: nameOf(record), ...parted }]
}

/** The first place where two values part, and what stands there; undefined where they are equal. */
export function difference(
  said: unknown,
  follows: unknown,
  field = '',
): Pick<Fault, 'field' | 'why'> | undefined {
  if (canonicalJson(said) === canonicalJson(follows)) return undefined
  if (isKeyed(said) && isKeyed(follows)) {
    for (const key of new Set([...Object.keys(said), ...Object.keys(follows)])) {
      const deeper = difference(said[key], follows[key], field === '' ? key : `${field}.${key}`)
      if (deeper !== undefined) return deeper
    }
  }
  return { ...(field !== '' && { field }), why: `says ${brief(said)}, and ${brief(follows)} follows` }
}

/** A record among others: its kind, and whose it is. */
export function nameOf(record: RoundRecord): string {
  switch (record.kind) {
    case 'model':
      return `model ${record.name}`
    case 'participant':
      return `participant ${record.hotkey}`
    case 'challenge':
      return `challenge ${record.index}`
    case 'answer':
      return `answer ${record.challenge} ${record.hotkey}`
    case 'judged':
      return `judged ${record.challenge}`
    case 'verdict':
      return `verdict ${record.challenge} ${record.judge}`
    case 'row':
      return `row ${record.row.hotkey}`
    default:
      return record.kind
  }
}

/** A fault of one record. */
export function faultOf({ line, record }: PlacedRecord, why: string, field?: string): Fault {
  return { line, record: nameOf(record), ...(field !== undefined && { field }), why }
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = canonicalJson(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
