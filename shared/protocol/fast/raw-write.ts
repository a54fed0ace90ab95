/** Bytes that are written into, and how far. Every writer says false, and means nothing by `at`, where they do not suffice. */
export interface Sink {
  readonly bytes: Buffer
  at: number
}

// https://github.com/msgpack/msgpack/blob/master/spec.md#formats

/** Characters up to which a loop is faster than a native call. */
const LOOPED = 64

export function writeBytes(sink: Sink, content: Uint8Array): boolean {
  const { bytes, at } = sink
  const end = at + content.length
  if (end > bytes.length) return false
  if (content.length > LOOPED) bytes.set(content, at)
  else for (let i = 0; i < content.length; i++) bytes[at + i] = content[i]!
  sink.at = end
  return true
}

/** Whole numbers of at most 32 bits as short as can be, all others as doubles. */
export function writeNumber(sink: Sink, value: number): boolean {
  const { bytes, at } = sink
  if (at + 9 > bytes.length) return false
  if (value >>> 0 !== value) {
    // Negative ones have formats of their own, which no message needs.
    if (Number.isInteger(value)) return false
    bytes[at] = 0xcb
    sink.at = bytes.writeDoubleBE(value, at + 1)
  } else if (value < 0x80) {
    bytes[at] = value
    sink.at = at + 1
  } else {
    sink.at = writeSize(bytes, at, value, 0xcc)
  }
  return true
}

export function writeText(sink: Sink, value: string): boolean {
  const { bytes, at } = sink
  const length = Buffer.byteLength(value)
  if (at + 5 + length > bytes.length) return false
  let from = at + 1
  if (length < 0x20) bytes[at] = 0xa0 | length
  else from = writeSize(bytes, at, length, 0xd9)
  if (length === value.length && length <= LOOPED)
    for (let i = 0; i < length; i++) bytes[from + i] = value.charCodeAt(i)
  else bytes.write(value, from, length === value.length ? 'latin1' : 'utf8')
  sink.at = from + length
  return true
}

export function writeBinary(sink: Sink, value: Uint8Array): boolean {
  if (sink.at + 5 + value.length > sink.bytes.length) return false
  sink.at = writeSize(sink.bytes, sink.at, value.length, 0xc4)
  return writeBytes(sink, value)
}

/** Of an array of fewer than 65,536 elements. */
export function writeArrayHead(sink: Sink, length: number): boolean {
  const { bytes, at } = sink
  if (at + 3 > bytes.length) return false
  if (length < 0x10) {
    bytes[at] = 0x90 | length
    sink.at = at + 1
  } else {
    bytes[at] = 0xdc
    sink.at = bytes.writeUInt16BE(length, at + 1)
  }
  return true
}

/** A size in 8, 16 or 32 bits after its type, which `type` is for 8 bits. @returns where it ends */
function writeSize(bytes: Buffer, at: number, size: number, type: number): number {
  if (size < 0x100) {
    bytes[at] = type
    bytes[at + 1] = size
    return at + 2
  }
  bytes[at] = size < 0x10000 ? type + 1 : type + 2
  return size < 0x10000 ? bytes.writeUInt16BE(size, at + 1) : bytes.writeUInt32BE(size, at + 1)
}
