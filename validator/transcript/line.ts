import { z } from 'zod'
import { type RoundRecord, recordSchema, type Seal, sealSchema } from './records.ts'

/** A record as its line, in the one spelling that it has. @throws ZodError where it does not fit the schema */
export function encodeLine(record: RoundRecord | Seal): string {
  return JSON.stringify(
    record.kind === 'seal' ? z.encode(sealSchema, record) : z.encode(recordSchema, record),
  )
}

/** A record, or what is wrong with its line: the place in it, such as `reveal.tokens.3`, and why. */
export type ReadLine<Value> = { readonly record: Value } | { readonly field: string; readonly why: string }

/** Reads one line before the seal. Whatever `encodeLine` would write otherwise is no record. */
export function readRecord(line: string): ReadLine<RoundRecord> {
  return read(line, recordSchema)
}

/** Reads the last line. */
export function readSealLine(line: string): ReadLine<Seal> {
  return read(line, sealSchema)
}

function read<Value extends RoundRecord | Seal>(line: string, schema: z.ZodType<Value>): ReadLine<Value> {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return { field: '', why: 'is not JSON' }
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return { field: issue.path.join('.'), why: issue.message }
  }
  // Unknown keys, other orders and other spellings of a number.
  if (encodeLine(parsed.data) !== line) return { field: '', why: 'is not spelt as this record is' }
  return { record: parsed.data }
}
