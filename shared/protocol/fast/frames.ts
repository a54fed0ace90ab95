import type { z } from 'zod'
import { MESSAGE_LIMITS } from '../limits.ts'
import { MISS } from './raw-read.ts'
import type { Sink } from './raw-write.ts'
import { compileRead } from './read.ts'
import { compileWrite, type Write } from './write.ts'

/**
 * The way that good frames take: checked and copied in one go, by readers and writers that are compiled from the very schemas which
 * all other frames are held against. Nothing is refused here, and nothing accepted that zod would refuse.
 */

/** Frames that share a buffer; longer ones are left to msgpackr. */
const SLAB_BYTES = 64 * 1024

/** Undefined where zod has to decide. */
export function compileFrameReader(schema: z.core.SomeType): (data: Uint8Array) => unknown {
  const read = compileRead(schema)
  if (read === undefined) return () => undefined
  return (data) => {
    if (data.length > MESSAGE_LIMITS.frameBytes) return undefined
    const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const cursor = { bytes, at: 0 }
    const frame = read(cursor)
    return frame === MISS || cursor.at !== data.length ? undefined : frame
  }
}

/** By the type of the message. Undefined where zod has to decide, or msgpackr to write. */
export function createFrameWriter(
  schemas: Readonly<Record<string, z.core.SomeType>>,
  frameOf: (body: z.core.SomeType) => z.core.SomeType,
): (seq: number, body: { readonly type: string }) => Uint8Array | undefined {
  const writers = new Map<string, Write>()
  for (const [type, schema] of Object.entries(schemas)) {
    const write = compileWrite(frameOf(schema))
    if (write !== undefined) writers.set(type, write)
  }
  let sink = slab()
  return (seq, body) => {
    const write = writers.get(body.type)
    const frame = { seq, body }
    if (write === undefined) return undefined
    for (const isFresh of [false, true]) {
      if (isFresh) sink = slab()
      const from = sink.at
      if (write(sink, frame)) return sink.bytes.subarray(from, sink.at)
      sink.at = from
      if (from === 0) return undefined
    }
    return undefined
  }
}

function slab(): Sink {
  return { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), at: 0 }
}
