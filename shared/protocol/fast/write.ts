import type { z } from 'zod'
import { type Check, checkOf, checksOf, defOf, isStrict } from './checks.ts'
import { keyBytes, mapHead } from './heads.ts'
import { type Sink, writeArrayHead, writeBinary, writeBytes, writeNumber, writeText } from './raw-write.ts'

/**
 * Checks a value against a schema and writes it as msgpackr would, in one go. Says false, having written anything or nothing,
 * where the value is wrong, unusual, or does not fit: then zod says which.
 */
export type Write = (sink: Sink, value: unknown) => boolean

/** A writer of what a schema describes; undefined where it describes what is not known here. */
export function compileWrite(schema: z.core.SomeType): Write | undefined {
  const def = defOf(schema)
  switch (def.type) {
    case 'object':
      return objectWriter(def)
    case 'array':
      return arrayWriter(def)
    case 'union':
      return unionWriter(def)
    case 'pipe':
      return codecWriter(def)
    case 'custom':
      return checked<Uint8Array>(writeBinary, isBinary(checkOf(schema)))
    case 'number':
      return checked<number>(writeNumber, checkOf(schema))
    case 'boolean':
      return def.checks === undefined || def.checks.length === 0 ? writeBoolean : undefined
    case 'string':
    case 'enum':
    case 'literal':
      return checked<string>(writeText, isText(checkOf(schema)))
    default:
      return undefined
  }
}

function objectWriter(def: z.core.$ZodObjectDef): Write | undefined {
  const shape = Object.entries(def.shape)
  const fields: { readonly name: string; readonly key: Uint8Array; readonly write: Write }[] = []
  if (!isStrict(def)) return undefined
  for (const [name, schema] of shape) {
    const [key, write] = [keyBytes(name), compileWrite(schema)]
    if (key === undefined || write === undefined) return undefined
    fields.push({ name, key, write })
  }
  const head = mapHead(shape.length)
  return (sink, value) => {
    if (!isObject(value) || Object.keys(value).length !== fields.length) return false
    if (!writeBytes(sink, head)) return false
    for (const { name, key, write } of fields) {
      if (!writeBytes(sink, key) || !write(sink, value[name])) return false
    }
    return true
  }
}

/** Options are told apart by a field that has one value each. */
function unionWriter(def: z.core.$ZodUnionDef): Write | undefined {
  const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef
  const options = new Map<unknown, Write>()
  for (const option of def.options) {
    const inner = defOf(option)
    const literal = inner.type === 'object' ? defOf(inner.shape[discriminator]!) : undefined
    const write = compileWrite(option)
    if (literal?.type !== 'literal' || write === undefined) return undefined
    for (const value of literal.values) options.set(value, write)
  }
  return (sink, value) => isObject(value) && (options.get(value[discriminator])?.(sink, value) ?? false)
}

function arrayWriter(def: z.core.$ZodArrayDef): Write | undefined {
  const write = compileWrite(def.element)
  const check = checksOf(def.checks)
  if (write === undefined || check === undefined) return undefined
  return (sink, value) => {
    if (!Array.isArray(value) || value.length > 0xffff || !check(value)) return false
    if (!writeArrayHead(sink, value.length)) return false
    for (let i = 0; i < value.length; i++) if (!write(sink, value[i])) return false
    return true
  }
}

function codecWriter({ in: packed, out, reverseTransform }: z.core.$ZodPipeDef): Write | undefined {
  const write = compileWrite(packed)
  const check = checkOf(out)
  if (write === undefined || check === undefined || reverseTransform === undefined) return undefined
  return (sink, value) =>
    check(value) && write(sink, reverseTransform(value as never, { value, issues: [] } as never))
}

function writeBoolean(sink: Sink, value: unknown): boolean {
  return typeof value === 'boolean' && writeBytes(sink, value ? TRUE : FALSE)
}

const [FALSE, TRUE] = [Uint8Array.of(0xc2), Uint8Array.of(0xc3)]

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isBinary(check: Check | undefined): Check | undefined {
  return check && ((value) => value instanceof Uint8Array && check(value))
}

function isText(check: Check | undefined): Check | undefined {
  return check && ((value) => typeof value === 'string' && check(value))
}

function checked<Value>(
  write: (sink: Sink, value: Value) => boolean,
  check: Check | undefined,
): Write | undefined {
  return check && ((sink, value) => check(value) && write(sink, value as Value))
}
