/// <reference lib="es2024.string" />
import { z } from 'zod'
import { floatBytes, floatsOf } from '../proof/sketch/float-bytes.ts'
import { MESSAGE_LIMITS } from './limits.ts'

/** Exactly `length` bytes. */
export function bytes(length: number) {
  return z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length === length,
    `expected ${length} bytes`,
  )
}

/** At least one byte, at most `limit`. */
export function someBytes(limit: number) {
  return z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length > 0 && value.length <= limit,
    `expected 1 to ${limit} bytes`,
  )
}

/** A hash, root, salt, id or public key: 32 bytes. */
export const hash = bytes(32)

/** An sr25519 signature: 64 bytes. */
export const signature = bytes(64)

export const u32 = z.number().int().min(0).max(0xffffffff)

/** Text of at most `limit` UTF-8 bytes. Half a surrogate pair has no UTF-8, and would cost the sender its connection. */
export function text(limit: number) {
  return z
    .string()
    .refine((value) => Buffer.byteLength(value) <= limit, `expected at most ${limit} bytes of UTF-8`)
    .refine((value) => value.isWellFormed(), 'expected well-formed text')
}

/** A short name that is safe to print: visible ASCII without spaces. */
export const name = z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${MESSAGE_LIMITS.nameChars}}$`))

export const sampling = z.strictObject({
  /** 0 is greedy. */
  temperature: z.number().min(0).max(10),
  /** 0 is off. */
  topK: z.number().int().min(0).max(0xffff),
  /** 1 is off. */
  topP: z.number().gt(0).max(1),
  maxTokens: z.number().int().min(1).max(MESSAGE_LIMITS.answerTokens),
})

/** How an answer ended. */
export const finish = z.enum(['stop', 'length'])

const packedTokens = z.custom<Uint8Array>(
  (value) =>
    value instanceof Uint8Array &&
    value.length > 0 &&
    value.length % 4 === 0 &&
    value.length <= 4 * MESSAGE_LIMITS.answerTokens,
  `expected 1 to ${MESSAGE_LIMITS.answerTokens} packed tokens`,
)

// One loop instead of a schema for each element: answers are the longest messages there are.
const tokenIds = z.custom<number[]>(
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= MESSAGE_LIMITS.answerTokens && areIds(value),
  `expected 1 to ${MESSAGE_LIMITS.answerTokens} tokens of 32 bits`,
)

/** Token ids: u32 little-endian, packed, on the wire; numbers in memory. */
export const tokens = z.codec(packedTokens, tokenIds, {
  decode: (packed) => readIds(packed, 0, packed.length / 4),
  encode: (ids) => {
    const packed = new Uint8Array(4 * ids.length)
    writeIds(packed, 0, ids)
    return packed
  },
})

// Plain loops and no views, as these run for every token that is ever answered.
function readIds(packed: Uint8Array, from: number, count: number): number[] {
  const ids = new Array<number>(count)
  for (let i = 0, at = from; i < count; i++, at += 4) {
    ids[i] = (packed[at]! | (packed[at + 1]! << 8) | (packed[at + 2]! << 16) | (packed[at + 3]! << 24)) >>> 0
  }
  return ids
}

function writeIds(packed: Uint8Array, from: number, ids: readonly number[]): void {
  for (let i = 0, at = from; i < ids.length; i++, at += 4) {
    const id = ids[i]!
    packed[at] = id
    packed[at + 1] = id >>> 8
    packed[at + 2] = id >>> 16
    packed[at + 3] = id >>> 24
  }
}

function areIds(values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const id = values[i]
    // The integers of 32 bits, and −0, are those that stay what they are.
    if (typeof id !== 'number' || id >>> 0 !== id) return false
  }
  return true
}

const packedSketches = z.custom<Uint8Array>(
  (value) =>
    value instanceof Uint8Array &&
    value.length > 0 &&
    value.length % 32 === 0 &&
    value.length <= MESSAGE_LIMITS.leafSketchBytes,
  'expected 1 to 4 packed sketches',
)

const float32s = z.custom<Float32Array>((value) => value instanceof Float32Array, 'expected f32 values')

/** Sketches of one leaf: f32 little-endian, packed, on the wire; what they are worth is for the audit to say. */
export const sketches = z.codec(packedSketches, float32s, {
  decode: floatsOf,
  encode: floatBytes,
})

const packedScores = z.custom<Uint8Array>(
  (value) =>
    value instanceof Uint8Array &&
    value.length >= 16 &&
    value.length % 8 === 0 &&
    value.length <= 8 * MESSAGE_LIMITS.judgedAnswers,
  `expected 2 to ${MESSAGE_LIMITS.judgedAnswers} packed scores`,
)

/** Finite scores: f64 little-endian, packed, so that the bits which a verdict's digest covers survive (−0 as well). */
export const scores = z.codec(packedScores, z.array(z.number()).min(2).max(MESSAGE_LIMITS.judgedAnswers), {
  decode: (packed) => {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    return Array.from({ length: packed.length / 8 }, (_, i) => view.getFloat64(8 * i, true))
  },
  encode: (values) => {
    const packed = new Uint8Array(8 * values.length)
    const view = new DataView(packed.buffer)
    for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true)
    return packed
  },
})

/** Bytes of the longest list of verdicts: a length and the tokens of each. */
const VERDICT_BYTES = MESSAGE_LIMITS.verdicts * (1 + 4 * MESSAGE_LIMITS.verdictTokens)

const packedVerdicts = z.custom<Uint8Array>(
  (value) =>
    value instanceof Uint8Array &&
    value.length > 0 &&
    value.length <= VERDICT_BYTES &&
    readVerdicts(value) !== undefined,
  `expected 1 to ${MESSAGE_LIMITS.verdicts} packed verdicts`,
)

const verdictLists = z.custom<number[][]>(
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MESSAGE_LIMITS.verdicts &&
    value.every((ids) => Array.isArray(ids) && ids.length <= MESSAGE_LIMITS.verdictTokens && areIds(ids)),
  `expected 1 to ${MESSAGE_LIMITS.verdicts} verdicts of at most ${MESSAGE_LIMITS.verdictTokens} tokens of 32 bits`,
)

/** Token ids of several verdicts: of each its number of tokens, one byte, and those, u32 little-endian; on the wire one string of bytes. */
export const verdicts = z.codec(packedVerdicts, verdictLists, {
  decode: (packed) => readVerdicts(packed)!,
  encode: (lists) => {
    const packed = new Uint8Array(lists.reduce((sum, ids) => sum + 1 + 4 * ids.length, 0))
    let at = 0
    for (const ids of lists) {
      packed[at++] = ids.length
      writeIds(packed, at, ids)
      at += 4 * ids.length
    }
    return packed
  },
})

/** @returns undefined where the bytes are not whole verdicts, or too many or too long ones */
function readVerdicts(packed: Uint8Array): number[][] | undefined {
  const lists: number[][] = []
  let at = 0
  while (at < packed.length) {
    const count = packed[at++]!
    if (count > MESSAGE_LIMITS.verdictTokens || at + 4 * count > packed.length) return undefined
    lists.push(readIds(packed, at, count))
    at += 4 * count
  }
  return lists.length <= MESSAGE_LIMITS.verdicts ? lists : undefined
}
