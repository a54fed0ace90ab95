import { StarlingError } from '../../../process/errors.ts'
import { createState, type StateView } from '../storage/state.ts'
import { CODE_KEY, type Executor } from './executor.ts'
import { compact, concatBytes, type Hex, lengthPrefixed, littleEndian, scaleReader, toHex } from './scale.ts'

/** Makes the inherent that carries a block's time, and knows how far apart the runtime wants blocks to be. */
export interface TimestampInherent {
  /** Milliseconds between two blocks, at least. */
  minimumPeriod: number
  /** The extrinsic `timestamp.set(time)`, encoded with its length. */
  encode(time: number): Uint8Array
}

/** Any time that encodes to as many bytes as today's. */
const PROBE = 2 ** 40

/**
 * Learns from the runtime itself (`BlockBuilder_inherent_extrinsics`) how it encodes its timestamp inherent, so that no
 * metadata is needed and one runtime call per block is saved: the time is the extrinsic's last, compact-encoded field.
 * Throws `RUNTIME_INCOMPATIBLE` when the runtime wants other inherents.
 */
export async function learnTimestampInherent(
  executor: Executor,
  view: StateView,
): Promise<TimestampInherent> {
  const code = view.get(CODE_KEY)
  const fresh = createState(code === undefined ? [] : [[CODE_KEY, code]])
  const probe = await inherentAt(executor, fresh, PROBE)
  const time = compact(PROBE)
  const prefix = probe.subarray(0, probe.length - time.length)
  const known = concatBytes(prefix, time)
  if (Buffer.compare(known, probe) !== 0) throw incompatible('an unknown encoding of its timestamp inherent')
  // On a state whose clock stands at zero, time zero is raised to the minimum period.
  const least = await inherentAt(executor, fresh, 0)
  const minimumPeriod = Number(scaleReader(least.subarray(prefix.length)).compact())
  return { minimumPeriod, encode: (now) => lengthPrefixed(concatBytes(prefix, compact(now))) }
}

/** The single inherent, without its length. */
async function inherentAt(executor: Executor, view: StateView, time: number): Promise<Uint8Array> {
  // InherentData: a map from 8-byte identifiers to encoded values.
  const identifier = new TextEncoder().encode('timstap0')
  const data = concatBytes(compact(1), identifier, lengthPrefixed(littleEndian(time, 8)))
  const { result } = await executor.run(view, [['BlockBuilder_inherent_extrinsics', data]])
  const reader = scaleReader(result)
  const extrinsics = reader.list(() => reader.bytes())
  const only = extrinsics[0]
  if (only === undefined || extrinsics.length !== 1)
    throw incompatible(`${extrinsics.length} inherents, not one`)
  return only
}

function incompatible(what: string): StarlingError {
  return new StarlingError('RUNTIME_INCOMPATIBLE', `the runtime has ${what}`)
}

/** Hex of an inherent, for a block's list of extrinsics. */
export function encodeInherent(inherent: TimestampInherent, time: number): Hex {
  return toHex(inherent.encode(time))
}
