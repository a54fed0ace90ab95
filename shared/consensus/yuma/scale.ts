import { compact } from '../../chain/devnet/runtime/scale.ts'
import type { EpochInput, EpochOutput, Row } from './epoch-types.ts'

/** Field by field the SCALE encoding of the pallet's `EpochInput`. */
export function encodeEpochInput(input: EpochInput): Uint8Array {
  const writer = scaleWriter()
  writer.u64(input.block)
  writer.u16(input.tempo)
  writer.u64(input.lastStep)
  writer.u64(input.activityCutoff)
  writer.u16(input.kappa)
  writer.u16(input.bondsPenalty)
  writer.u64(input.bondsMovingAverage)
  writer.u16(input.maxValidators)
  writer.u64(input.stakeThreshold)
  writer.option(input.ownerUid, writer.u16)
  writer.bool(input.yuma3)
  writer.option(input.liquidAlpha, ({ alphaLow, alphaHigh, alphaSigmoidSteepness }) => {
    writer.u16(alphaLow)
    writer.u16(alphaHigh)
    writer.i16(alphaSigmoidSteepness)
  })
  writer.list(input.stake, writer.u64)
  writer.list(input.lastUpdate, writer.u64)
  writer.list(input.blockAtRegistration, writer.u64)
  writer.list(input.firstCommitBlock, (block) => writer.option(block, writer.u64))
  writer.list(input.validatorPermit, writer.bool)
  const row = (cells: Row) =>
    writer.list(cells, ([uid, value]) => {
      writer.u16(uid)
      writer.u16(value)
    })
  writer.list(input.weights, row)
  writer.list(input.bonds, row)
  writer.u64(input.emission)
  return writer.bytes()
}

/** Reads the pallet's `EpochOutput`. Throws a RangeError where the bytes end too early or go on. */
export function decodeEpochOutput(bytes: Uint8Array): EpochOutput {
  const reader = scaleReader(bytes)
  const { bool, u16, u64, list } = reader
  const bond = () => [u16(), u16()] as const
  const output: EpochOutput = {
    active: list(bool),
    stakeWeight: list(u16),
    consensus: list(u16),
    incentive: list(u16),
    dividends: list(u16),
    validatorTrust: list(u16),
    validatorPermit: list(bool),
    bonds: list(() => list(bond)),
    serverEmission: list(u64),
    validatorEmission: list(u64),
    emission: list(u64),
  }
  if (reader.left() > 0) throw new RangeError(`${reader.left()} bytes follow the outcome of an epoch`)
  return output
}

/** Appends to one buffer that grows: an epoch of 1,024 neurons has some 100,000 cells. */
function scaleWriter() {
  let buffer = Buffer.alloc(4_096)
  let end = 0
  /** Calls `write` with a buffer that has room for `length` more bytes, and with their place in it. */
  const append = (length: number, write: (buffer: Buffer, place: number) => void) => {
    if (end + length > buffer.length) {
      buffer = Buffer.concat([buffer], Math.max(end + length, 2 * buffer.length))
    }
    write(buffer, end)
    end += length
  }
  const u8 = (value: number) => append(1, (into, place) => into.writeUInt8(value, place))
  return {
    bool: (value: boolean) => u8(Number(value)),
    u16: (value: number) => append(2, (into, place) => into.writeUInt16LE(value, place)),
    i16: (value: number) => append(2, (into, place) => into.writeInt16LE(value, place)),
    u64: (value: number | bigint) => append(8, (into, place) => into.writeBigUInt64LE(BigInt(value), place)),
    option<T>(value: T | undefined, write: (value: T) => void) {
      u8(Number(value !== undefined))
      if (value !== undefined) write(value)
    },
    list<T>(items: readonly T[], write: (item: T) => void) {
      const length = compact(items.length)
      append(length.length, (into, place) => into.set(length, place))
      // Not forEach: holes count as elements, too.
      for (const item of items) write(item)
    },
    bytes: (): Uint8Array => buffer.subarray(0, end),
  }
}

function scaleReader(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const skip = (length: number): number => {
    offset += length
    return offset - length
  }
  const u8 = () => buffer.readUInt8(skip(1))
  const compactLength = (): number => {
    const mode = buffer.readUInt8(offset) & 3
    if (mode === 0) return u8() >> 2
    if (mode === 1) return buffer.readUInt16LE(skip(2)) >> 2
    if (mode === 2) return buffer.readUInt32LE(skip(4)) >>> 2
    throw new RangeError('a list is longer than memory')
  }
  return {
    left: () => buffer.length - offset,
    bool: () => u8() === 1,
    u16: () => buffer.readUInt16LE(skip(2)),
    u64: () => buffer.readBigUInt64LE(skip(8)),
    list<T>(item: () => T): T[] {
      return Array.from({ length: compactLength() }, item)
    },
  }
}
