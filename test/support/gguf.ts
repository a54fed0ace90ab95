/** What a GGUF file says, read by its specification rather than by our writer. */
export interface GgufContents {
  readonly version: number
  readonly metadata: ReadonlyMap<string, unknown>
  readonly tensors: ReadonlyMap<string, GgufEntry>
}

export interface GgufEntry {
  /** Extents in ggml's order, the contiguous one first. */
  readonly extents: readonly number[]
  readonly type: number
  /** From the start of the file. */
  readonly offset: number
}

export function readGguf(bytes: Uint8Array): GgufContents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 4
  /** Goes on by `size` bytes and returns where they start. */
  const take = (size: number) => {
    at += size
    return at - size
  }
  const uint32 = () => view.getUint32(take(4), true)
  const uint64 = () => Number(view.getBigUint64(take(8), true))
  const string = () => {
    const length = uint64()
    const start = take(length)
    return new TextDecoder().decode(bytes.subarray(start, at))
  }
  const value = (type: number): unknown => {
    if (type === 4) return uint32()
    if (type === 5) return view.getInt32(take(4), true)
    if (type === 6) return view.getFloat32(take(4), true)
    if (type === 7) return view.getUint8(take(1)) === 1
    if (type === 8) return string()
    if (type !== 9) throw new RangeError(`unexpected value type ${type}`)
    const element = uint32()
    return Array.from({ length: uint64() }, () => value(element))
  }
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== 'GGUF') throw new RangeError('no GGUF magic')
  const version = uint32()
  const tensorCount = uint64()
  const metadata = new Map<string, unknown>()
  for (let left = uint64(); left > 0; left--) metadata.set(string(), value(uint32()))
  const entries = Array.from({ length: tensorCount }, () => ({
    name: string(),
    extents: Array.from({ length: uint32() }, uint64),
    type: uint32(),
    offset: uint64(),
  }))
  const data = Math.ceil(at / 32) * 32
  const tensors = new Map(
    entries.map(({ name, extents, type, offset }) => [name, { extents, type, offset: data + offset }]),
  )
  return { version, metadata, tensors }
}
