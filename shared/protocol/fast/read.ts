import type { z } from 'zod'
import { MESSAGE_LIMITS } from '../limits.ts'
import { type Check, checkOf, checksOf, defOf, isStrict } from './checks.ts'
import { keyBytes, mapHead } from './heads.ts'
import {
  type Cursor,
  MISS,
  readArrayHead,
  readBinary,
  readBoolean,
  readExactly,
  readMapHead,
  readNumber,
  readText,
} from './raw-read.ts'

/**
 * Reads what a schema describes straight from msgpack, where it stands as our own encoder writes it: fields in the schema's order,
 * whole numbers of at most 32 bits. All else is a MISS, whether it is wrong or only unusual; what is read is exactly what
 * unpacking and the schema would give.
 */
export type Read = (cursor: Cursor) => unknown

/** A reader of what a schema describes; undefined where it describes what is not known here. */
export function compileRead(schema: z.core.SomeType): Read | undefined {
  const def = defOf(schema)
  switch (def.type) {
    case 'object':
      return objectReader(def)
    case 'array':
      return arrayReader(def)
    case 'union':
      return unionReader(def)
    case 'pipe':
      return codecReader(def)
    case 'custom':
      return checked(readBinary, checkOf(schema))
    case 'number':
      return checked(readNumber, checkOf(schema))
    case 'boolean':
      return def.checks === undefined || def.checks.length === 0 ? readBoolean : undefined
    case 'string':
    case 'enum':
    case 'literal':
      return checked(readText, checkOf(schema))
    default:
      return undefined
  }
}

type ReadFields = (cursor: Cursor, into: Record<string, unknown>) => boolean

/** A reader of the fields of an object after the first `known`. */
function fieldsReader(def: z.core.$ZodObjectDef, known: number): ReadFields | undefined {
  const shape = Object.entries(def.shape)
  const fields: { readonly name: string; readonly key: Uint8Array; readonly read: Read }[] = []
  if (!isStrict(def)) return undefined
  for (const [name, schema] of shape.slice(known)) {
    const [key, read] = [keyBytes(name), compileRead(schema)]
    if (key === undefined || read === undefined) return undefined
    fields.push({ name, key, read })
  }
  return (cursor, into) => {
    for (const { name, key, read } of fields) {
      if (!readExactly(cursor, key)) return false
      const value = read(cursor)
      if (value === MISS) return false
      into[name] = value
    }
    return true
  }
}

const headOf = ({ shape }: z.core.$ZodObjectDef) => mapHead(Object.keys(shape).length)

function objectReader(def: z.core.$ZodObjectDef): Read | undefined {
  const head = headOf(def)
  const readFields = fieldsReader(def, 0)
  return (
    readFields &&
    ((cursor) => {
      const value = {}
      return readExactly(cursor, head) && readFields(cursor, value) ? value : MISS
    })
  )
}

/** Options are told apart by their first field, which has one value each. */
function unionReader(def: z.core.$ZodUnionDef): Read | undefined {
  const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef
  const options = new Map<unknown, { readonly entries: number; readonly readFields: ReadFields }>()
  for (const option of def.options) {
    const inner = defOf(option)
    if (inner.type !== 'object') return undefined
    const [first] = Object.entries(inner.shape)
    const literal = first?.[0] === discriminator ? defOf(first[1]) : undefined
    const readFields = fieldsReader(inner, 1)
    if (literal?.type !== 'literal' || literal.values.length !== 1 || readFields === undefined)
      return undefined
    options.set(literal.values[0], { entries: Object.keys(inner.shape).length, readFields })
  }
  const key = keyBytes(discriminator)
  if (key === undefined) return undefined
  return (cursor) => {
    const entries = readMapHead(cursor)
    if (!readExactly(cursor, key)) return MISS
    const tag = readText(cursor)
    const option = options.get(tag)
    if (option === undefined || option.entries !== entries) return MISS
    const value = { [discriminator]: tag }
    return option.readFields(cursor, value) ? value : MISS
  }
}

function arrayReader(def: z.core.$ZodArrayDef): Read | undefined {
  const read = compileRead(def.element)
  const check = checksOf(def.checks)
  if (read === undefined || check === undefined) return undefined
  return (cursor) => {
    const length = readArrayHead(cursor)
    if (!(length <= MESSAGE_LIMITS.entries)) return MISS
    const values: unknown[] = []
    for (let i = 0; i < length; i++) {
      const value = read(cursor)
      if (value === MISS) return MISS
      values.push(value)
    }
    return check(values) ? values : MISS
  }
}

/** Both sides are checked: not every double is a score. */
function codecReader({ in: packed, out, transform }: z.core.$ZodPipeDef): Read | undefined {
  const read = compileRead(packed)
  const check = checkOf(out)
  if (read === undefined || check === undefined || transform === undefined) return undefined
  return (cursor) => {
    const bytes = read(cursor)
    if (bytes === MISS) return MISS
    const value: unknown = transform(bytes as never, { value: bytes, issues: [] })
    return check(value) ? value : MISS
  }
}

function checked(read: Read, check: Check | undefined): Read | undefined {
  return (
    check &&
    ((cursor) => {
      const value = read(cursor)
      return value !== MISS && check(value) ? value : MISS
    })
  )
}
