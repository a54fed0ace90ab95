/** Value types of GGUF metadata: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const UINT32 = 4
const INT32 = 5
const FLOAT32 = 6
const BOOL = 7
const STRING = 8
const ARRAY = 9

const VERSION = 3
const ALIGNMENT = 32

export type MetadataValue =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly int32s: readonly number[] }

export interface GgufTensor {
  readonly name: string
  /** Row-major; GGUF writes the extents in reverse. */
  readonly shape: readonly number[]
  /** Element type by its number in `enum ggml_type`. */
  readonly type: number
  readonly bytes: Uint8Array
}

/** The bytes of a GGUF file, version 3: header, metadata and tensor table, then the tensors, all little-endian. */
export function ggufFile(
  metadata: readonly (readonly [string, MetadataValue])[],
  tensors: readonly GgufTensor[],
): Uint8Array {
  const head = [utf8('GGUF'), uint32(VERSION), uint64(tensors.length), uint64(metadata.length)]
  for (const [key, value] of metadata) head.push(string(key), ...encodeValue(value))
  let offset = 0
  for (const { name, shape, type, bytes } of tensors) {
    head.push(
      string(name),
      uint32(shape.length),
      ...shape.toReversed().map(uint64),
      uint32(type),
      uint64(offset),
    )
    offset = aligned(offset + bytes.length)
  }
  const chunks = [padded(Buffer.concat(head)), ...tensors.map(({ bytes }) => padded(bytes))]
  return new Uint8Array(Buffer.concat(chunks))
}

function encodeValue(value: MetadataValue): Uint8Array[] {
  if ('uint32' in value) return [uint32(UINT32), uint32(value.uint32)]
  if ('float32' in value) return [uint32(FLOAT32), float32(value.float32)]
  if ('bool' in value) return [uint32(BOOL), Uint8Array.of(value.bool ? 1 : 0)]
  if ('string' in value) return [uint32(STRING), string(value.string)]
  if ('strings' in value)
    return [uint32(ARRAY), uint32(STRING), uint64(value.strings.length), ...value.strings.map(string)]
  return [uint32(ARRAY), uint32(INT32), uint64(value.int32s.length), ...value.int32s.map(uint32)]
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(aligned(bytes.length))
  out.set(bytes)
  return out
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function string(text: string): Uint8Array {
  const bytes = utf8(text)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function float32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
