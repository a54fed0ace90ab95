import { z } from 'zod'
import { StarlingError } from '../process/errors.ts'
import { printable } from '../process/printable.ts'
import { fromHex, toHex } from '../proof/hash.ts'

const byteString = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** Exactly so many bytes as 0x and lower-case hex digits. */
export function hex(bytes: number) {
  return z.codec(z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`)), byteString, {
    decode: (digits) => fromHex(digits),
    encode: (value) => toHex(value),
  })
}

/** At most so many bytes, as base64. */
export function base64(limit: number) {
  return z.codec(z.base64().max(4 * Math.ceil(limit / 3)), byteString, {
    decode: (characters) => Uint8Array.from(Buffer.from(characters, 'base64')),
    encode: (value) => Buffer.from(value).toString('base64'),
  })
}

/** Reads a JSON file of a schema. @throws StarlingError with that code, naming the first place that does not fit */
export function parseJsonFile<T>(schema: z.ZodType<T>, text: string, code: string, remedy: string): T {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new StarlingError(code, 'the file is not JSON', remedy)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new StarlingError(code, printable(`${path.join('.') || 'the file'}: ${message}`, 200), remedy)
}
