import { StarlingError } from '../../process/errors.ts'

/** Bytes that are fetched in pieces, so that a file of gigabytes need not be in memory. */
export interface ByteSource {
  /** What an error calls it. */
  readonly name: string
  readonly size: number
  /** The bytes from `offset` on, `length` of them or as many as there are. */
  read(offset: number, length: number): Uint8Array
}

/** One field of a message: a number, or the place of its bytes. */
export interface Field {
  readonly number: number
  /** Of a varint, as unsigned; inexact above 2^53. 0 for other wire types. */
  readonly value: number
  readonly start: number
  readonly end: number
}

/** Walks messages of one file; the walks share its budget of fields. */
export interface ProtobufReader {
  readonly size: number
  /** The fields of the message that lies between two offsets, in file order. */
  fields(start: number, end: number): Iterable<Field>
  /** A name or other short text. */
  text(field: Field): string
  /** Repeated varints, packed or one by one. */
  varints(field: Field): number[]
}

const PAGE_BYTES = 65_536
/** Far more than the largest exported models have; a file of nothing but tags must not keep us for minutes. */
const MOST_FIELDS = 20_000_000
const LONGEST_TEXT = 4096

/** Wire types of the protobuf encoding: https://protobuf.dev/programming-guides/encoding */
const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

const decoder = new TextDecoder()

/** Reads any bytes without trusting them: MODEL_DAMAGED where they can't be protobuf, and never more than a page in memory. */
export function protobufReader(source: ByteSource): ProtobufReader {
  let page: Uint8Array = new Uint8Array(0)
  let pageStart = 0
  let fieldsLeft = MOST_FIELDS

  function byteAt(offset: number, end: number): number {
    if (offset >= end) throw damaged(source.name, `ends in the middle of a field at byte ${offset}`)
    if (offset < pageStart || offset >= pageStart + page.length) {
      pageStart = offset
      page = source.read(offset, Math.min(PAGE_BYTES, source.size - offset))
      if (page.length === 0) throw damaged(source.name, `can't be read beyond byte ${offset}`)
    }
    return page[offset - pageStart]!
  }

  function varint(offset: number, end: number): { readonly value: number; readonly next: number } {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = byteAt(offset + i, end)
      value += (byte & 127) * 2 ** (7 * i)
      if (byte < 128) return { value, next: offset + i + 1 }
    }
    throw damaged(source.name, `has a number of more than ten bytes at byte ${offset}`)
  }

  function lengthOf(wireType: number, offset: number, end: number): { start: number; length: number } {
    if (wireType === FIXED64) return { start: offset, length: 8 }
    if (wireType === FIXED32) return { start: offset, length: 4 }
    if (wireType !== LENGTH_DELIMITED)
      throw damaged(source.name, `has a field of unknown kind ${wireType} at byte ${offset}`)
    const { value, next } = varint(offset, end)
    return { start: next, length: value }
  }

  function* fields(start: number, end: number): Generator<Field> {
    let offset = start
    while (offset < end) {
      if (fieldsLeft-- === 0) throw damaged(source.name, `has more than ${MOST_FIELDS} fields`)
      const tag = varint(offset, end)
      const number = Math.floor(tag.value / 8)
      if (number === 0 || number >= 2 ** 29) throw damaged(source.name, `is not protobuf at byte ${offset}`)
      if (tag.value % 8 === VARINT) {
        const { value, next } = varint(tag.next, end)
        yield { number, value, start: tag.next, end: next }
        offset = next
        continue
      }
      const place = lengthOf(tag.value % 8, tag.next, end)
      if (place.length > end - place.start)
        throw damaged(source.name, `has a field at byte ${offset} that is longer than what holds it`)
      offset = place.start + place.length
      yield { number, value: 0, start: place.start, end: offset }
    }
  }

  return {
    size: source.size,
    fields,
    text({ start, end }) {
      if (end - start > LONGEST_TEXT) throw damaged(source.name, `has a name of ${end - start} bytes`)
      const bytes = new Uint8Array(end - start)
      for (let i = 0; i < bytes.length; i++) bytes[i] = byteAt(start + i, end)
      return decoder.decode(bytes)
    },
    varints(field) {
      if (field.end - field.start > LONGEST_TEXT)
        throw damaged(source.name, `has a list of ${field.end - field.start} bytes`)
      const values: number[] = []
      for (let offset = field.start; offset < field.end; ) {
        const { value, next } = varint(offset, field.end)
        values.push(value)
        offset = next
      }
      return values
    },
  }
}

export function damaged(name: string, what: string): StarlingError {
  return new StarlingError('MODEL_DAMAGED', `${name} ${what}`, 'download or export the model again')
}
