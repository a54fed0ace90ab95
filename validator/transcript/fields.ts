import { z } from 'zod'
import { fromHex, toHex } from '../../shared/proof/hash.ts'
import { floatBytes, floatsOf } from '../../shared/proof/sketch/float-bytes.ts'
import { verdicts } from '../../shared/protocol/fields.ts'

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array)
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** Bytes as they stand in a file: `0x` and lower-case hex, so that one value has one spelling. */
export function hexBytes(length?: number) {
  return hexOf(length === undefined ? '(?:[0-9a-f]{2})*' : `[0-9a-f]{${2 * length}}`)
}

/** Output (32 bytes) and proof (64) of a verifiable random function. */
export const vrfField = z.codec(hexBytes(96), z.object({ output: bytes, proof: bytes }), {
  decode: (both) => ({ output: both.slice(0, 32), proof: both.slice(32) }),
  encode: ({ output, proof }) => Uint8Array.from(Buffer.concat([output, proof])),
})

/** f32 little-endian, packed. */
export const float32sField = z.codec(hexOf('(?:[0-9a-f]{8})*'), floats, {
  decode: floatsOf,
  encode: floatBytes,
})

/** f64 little-endian, packed: a digest covers these very bits. */
export const float64sField = z.codec(hexOf('(?:[0-9a-f]{16})*'), z.array(z.number()), {
  decode(packed) {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    return Array.from({ length: packed.length / 8 }, (_, i) => view.getFloat64(8 * i, true))
  },
  encode(values) {
    const view = new DataView(new ArrayBuffer(8 * values.length))
    for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true)
    return new Uint8Array(view.buffer)
  },
})

/** Tokens of several verdicts, packed as on the wire. */
export const verdictsField = hexBytes().pipe(verdicts)

/** What each verdict says, one letter a verdict: `A`, `B`, or `-` where it names neither. */
export const readField = z.codec(z.string().regex(/^[AB-]*$/), z.array(z.enum(['A', 'B']).optional()), {
  decode: (letters) => Array.from(letters, (letter) => (letter === '-' ? undefined : (letter as 'A' | 'B'))),
  encode: (read) => read.map((verdict) => verdict ?? '-').join(''),
})

function hexOf(digits: string) {
  return z.codec(z.string().regex(new RegExp(`^0x${digits}$`)), bytes, {
    decode: fromHex,
    encode: toHex,
  })
}
