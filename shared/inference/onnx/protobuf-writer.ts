const encoder = new TextEncoder()

/** Wire types of the protobuf encoding: https://protobuf.dev/programming-guides/encoding */
const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/**
 * Appends protobuf fields in the order of the calls, so equal calls give equal bytes.
 * Only what ONNX needs: varints, floats, bytes, strings, sub-messages.
 */
export class ProtobufWriter {
  #chunks: Uint8Array[] = []
  #length = 0

  /** A signed or unsigned integer field; negative values take ten bytes, as int64 does. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, VARINT)
    this.#varint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  float(field: number, value: number): this {
    this.#tag(field, FIXED32)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#push(bytes)
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED)
    this.#varint(BigInt(value.length))
    this.#push(value)
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value))
  }

  message(field: number, value: ProtobufWriter): this {
    this.#tag(field, LENGTH_DELIMITED)
    this.#varint(BigInt(value.#length))
    for (const chunk of value.#chunks) this.#push(chunk)
    return this
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#length)
    let offset = 0
    for (const chunk of this.#chunks) {
      out.set(chunk, offset)
      offset += chunk.length
    }
    return out
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt((field << 3) | wireType))
  }

  #varint(value: bigint): void {
    const bytes: number[] = []
    let rest = value
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    bytes.push(Number(rest))
    this.#push(Uint8Array.from(bytes))
  }

  #push(bytes: Uint8Array): void {
    this.#chunks.push(bytes)
    this.#length += bytes.length
  }
}
