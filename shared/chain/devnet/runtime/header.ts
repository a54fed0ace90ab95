import { blake2AsU8a } from '@polkadot/util-crypto'
import { compact, concatBytes, fromHex, type Hex, type ScaleReader, scaleReader, toHex } from './scale.ts'

/** A block header as Substrate defines it. */
export interface Header {
  parentHash: Hex
  number: number
  stateRoot: Hex
  extrinsicsRoot: Hex
  /** Encoded digest items. */
  logs: readonly Hex[]
}

export const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`

export function encodeHeader(header: Header): Uint8Array {
  return concatBytes(
    fromHex(header.parentHash),
    compact(header.number),
    fromHex(header.stateRoot),
    fromHex(header.extrinsicsRoot),
    compact(header.logs.length),
    ...header.logs.map(fromHex),
  )
}

/** Inverse of {@link encodeHeader}; throws a RangeError when the bytes are not a header. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = scaleReader(bytes)
  const header = {
    parentHash: toHex(reader.take(32)),
    number: Number(reader.compact()),
    stateRoot: toHex(reader.take(32)),
    extrinsicsRoot: toHex(reader.take(32)),
    logs: reader.list(() => digestItem(reader)),
  }
  if (reader.rest().length > 0) throw new RangeError('bytes after the header')
  return header
}

/** Hash of a block: blake2b-256 of the encoded header. */
export function hashHeader(header: Header): Hex {
  return toHex(blake2AsU8a(encodeHeader(header), 256))
}

/** Item kinds of sp_runtime::generic::DigestItem. */
function digestItem(reader: ScaleReader): Hex {
  const kind = reader.byte()
  if (kind === 8) return toHex(Uint8Array.of(kind))
  const engine = kind === 4 || kind === 5 || kind === 6 ? reader.take(4) : new Uint8Array(0)
  if (kind !== 0 && engine.length === 0) throw new RangeError(`unknown digest item ${kind}`)
  const payload = reader.bytes()
  return toHex(concatBytes(Uint8Array.of(kind), engine, compact(payload.length), payload))
}
