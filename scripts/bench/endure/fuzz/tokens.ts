/** One value of a msgpack frame, or the head of a container: where it begins, where its payload begins, where it ends. */
export interface Token {
  readonly at: number
  readonly payload: number
  readonly end: number
  readonly kind: 'text' | 'bytes' | 'number' | 'plain' | 'map' | 'array'
  /** Of a container. */
  readonly entries: number
  /** A map's key. */
  readonly isKey: boolean
}

/** The tokens of a frame that is known to be valid, in order. Written apart from the codec's own scan, so that no fault hides in both. */
export function tokensOf(frame: Uint8Array): Token[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const tokens: Token[] = []
  let at = 0
  const value = (isKey: boolean): void => {
    const head = headAt(view, at)
    const token = { at, ...head, isKey }
    tokens.push(token)
    at = token.end
    const parts = token.kind === 'map' ? 2 * token.entries : token.entries
    for (let part = 0; part < parts; part++) value(token.kind === 'map' && part % 2 === 0)
  }
  value(false)
  return tokens
}

function headAt(view: DataView, at: number): Omit<Token, 'at' | 'isKey'> {
  const type = view.getUint8(at)
  const leaf = (kind: Token['kind'], payload: number, length: number) => {
    return { kind, payload, end: payload + length, entries: 0 }
  }
  const container = (kind: 'map' | 'array', payload: number, entries: number) => {
    return { kind, payload, end: payload, entries }
  }
  const size = (width: number) =>
    width === 1 ? view.getUint8(at + 1) : width === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1)
  const sized = (kind: 'text' | 'bytes', width: number) => leaf(kind, at + 1 + width, size(width))

  if (type <= 0x7f || type >= 0xe0) return leaf('number', at, 1)
  if (type <= 0x8f) return container('map', at + 1, type & 0x0f)
  if (type <= 0x9f) return container('array', at + 1, type & 0x0f)
  if (type <= 0xbf) return leaf('text', at + 1, type & 0x1f)
  if (type >= 0xc4 && type <= 0xc6) return sized('bytes', 2 ** (type - 0xc4))
  if (type >= 0xd9 && type <= 0xdb) return sized('text', 2 ** (type - 0xd9))
  if (type >= 0xca && type <= 0xd3) return leaf('number', at + 1, NUMBER_BYTES[type - 0xca]!)
  if (type === 0xdc || type === 0xdd)
    return container('array', at + 1 + 2 * (type - 0xdb), size(2 * (type - 0xdb)))
  if (type === 0xde || type === 0xdf)
    return container('map', at + 1 + 2 * (type - 0xdd), size(2 * (type - 0xdd)))
  return leaf('plain', at + 1, 0)
}

/** From 0xca on: f32, f64, u8 to u64, i8 to i64. */
const NUMBER_BYTES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8]
