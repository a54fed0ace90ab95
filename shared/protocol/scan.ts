import { isUtf8 } from 'node:buffer'
import { MESSAGE_LIMITS } from './limits.ts'

/**
 * Walks a msgpack value before anything is built from it, without recursion, and says what is wrong with it, or nothing.
 * Refused are nesting and containers beyond the limits, extension types (msgpackr would build records, dates or errors
 * from them, even with `useRecords: false`), the unused type 0xc1, keys that are not text or occur twice, text that is not
 * UTF-8, and a value that ends before or after its bytes do.
 */
export function scanValue(
  bytes: Uint8Array,
  limits: { readonly nesting: number; readonly entries: number } = MESSAGE_LIMITS,
): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const open: Container[] = []
  let at = 0

  do {
    const parent = open.at(-1)
    const header = readHeader(view, at)
    if (typeof header === 'string') return header
    const end = header.next + header.payload
    if (end > bytes.length) return 'value is cut short'

    if (header.kind === 'text' && !isUtf8(bytes.subarray(header.next, end))) return 'text is not UTF-8'
    if (parent?.keys !== undefined && parent.left % 2 === 0) {
      if (header.kind !== 'text') return 'map key is not text'
      const key = Buffer.from(bytes.buffer, bytes.byteOffset + header.next, header.payload).toString('latin1')
      if (parent.keys.has(key)) return 'map key occurs twice'
      parent.keys.add(key)
    }
    if (parent !== undefined) parent.left--
    at = end

    if (header.kind === 'map' || header.kind === 'array') {
      if (header.entries > limits.entries) return `more than ${limits.entries} entries`
      if (open.length >= limits.nesting) return `nested deeper than ${limits.nesting}`
      const map = header.kind === 'map'
      open.push({ left: map ? 2 * header.entries : header.entries, keys: map ? new Set() : undefined })
    }
    while (open.at(-1)?.left === 0) open.pop()
  } while (open.length > 0)

  return at === bytes.length ? undefined : 'bytes after the value'
}

interface Container {
  /** Values still to come; in a map an even number means that a key is next. */
  left: number
  readonly keys: Set<string> | undefined
}

interface Header {
  readonly kind: 'plain' | 'text' | 'array' | 'map'
  /** Where the payload begins. */
  readonly next: number
  /** Bytes of payload: numbers, text, binary. */
  readonly payload: number
  readonly entries: number
}

// https://github.com/msgpack/msgpack/blob/master/spec.md#formats
function readHeader(view: DataView, at: number): Header | string {
  if (at >= view.byteLength) return 'value is cut short'
  const type = view.getUint8(at)
  if (type <= 0x7f || type >= 0xe0) return plain(at + 1, 0)
  if (type <= 0x8f) return container('map', at + 1, type & 0x0f)
  if (type <= 0x9f) return container('array', at + 1, type & 0x0f)
  if (type <= 0xbf) return { kind: 'text', next: at + 1, payload: type & 0x1f, entries: 0 }

  const fixed = FIXED_PAYLOAD.get(type)
  if (fixed !== undefined) return plain(at + 1, fixed)
  const sized = SIZED.get(type)
  if (sized === undefined) return `type 0x${type.toString(16)} is not allowed`
  if (at + 1 + sized.width > view.byteLength) return 'value is cut short'
  const size = readSize(view, at + 1, sized.width)
  const next = at + 1 + sized.width
  if (sized.kind === 'array' || sized.kind === 'map') return container(sized.kind, next, size)
  return { kind: sized.kind, next, payload: size, entries: 0 }
}

/** nil, booleans, floats and integers. */
const FIXED_PAYLOAD = new Map([
  [0xc0, 0],
  [0xc2, 0],
  [0xc3, 0],
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
])

/** bin, str, array and map with a length of 8, 16 or 32 bits. */
const SIZED = new Map<number, { readonly kind: Header['kind']; readonly width: 1 | 2 | 4 }>([
  [0xc4, { kind: 'plain', width: 1 }],
  [0xc5, { kind: 'plain', width: 2 }],
  [0xc6, { kind: 'plain', width: 4 }],
  [0xd9, { kind: 'text', width: 1 }],
  [0xda, { kind: 'text', width: 2 }],
  [0xdb, { kind: 'text', width: 4 }],
  [0xdc, { kind: 'array', width: 2 }],
  [0xdd, { kind: 'array', width: 4 }],
  [0xde, { kind: 'map', width: 2 }],
  [0xdf, { kind: 'map', width: 4 }],
])

function readSize(view: DataView, at: number, width: 1 | 2 | 4): number {
  if (width === 1) return view.getUint8(at)
  return width === 2 ? view.getUint16(at) : view.getUint32(at)
}

function plain(next: number, payload: number): Header {
  return { kind: 'plain', next, payload, entries: 0 }
}

function container(kind: 'array' | 'map', next: number, entries: number): Header {
  return { kind, next, payload: 0, entries }
}
