import { equalBytes, HASH_BYTES, u32 } from './hash.ts'

/** What a validator puts on the chain while a round is open, after the commits are in and before anything is opened. */
export interface Anchor {
  readonly round: number
  /** `commitsRoot` of the round, 32 bytes. */
  readonly commits: Uint8Array
  /** The last round that this validator settled; undefined before the first. */
  readonly previous: PreviousRound | undefined
}

/** What stands by an earlier round for good, once it is on the chain. */
export interface PreviousRound {
  readonly round: number
  /** Root over its rows, 32 bytes: what its receipts are signed over. */
  readonly rows: Uint8Array
  /** Root of its published file, 32 bytes. */
  readonly seal: Uint8Array
}

/** Length of an anchor in bytes. */
export const ANCHOR_BYTES = 108

const MAGIC = new TextEncoder().encode('SRA1')
const NO_ROUND = 0xffffffff
const NO_HASH = new Uint8Array(HASH_BYTES)

/**
 * `"SRA1" ‖ round ‖ commits ‖ previous round ‖ its rows’ root ‖ its seal`, numbers u32 little-endian. Without a previous round its
 * number is 0xffffffff and both roots are zero.
 * @throws RangeError on a root that is not 32 bytes, or a round that is no u32 below 0xffffffff
 */
export function encodeAnchor({ round, commits, previous }: Anchor): Uint8Array {
  if (round === NO_ROUND || previous?.round === NO_ROUND) throw new RangeError('not a round: 0xffffffff')
  const { rows, seal } = previous ?? { rows: NO_HASH, seal: NO_HASH }
  const wrong = [commits, rows, seal].find((root) => root.length !== HASH_BYTES)
  if (wrong !== undefined) throw new RangeError(`not a root: ${wrong.length} bytes`)
  const bytes = [MAGIC, u32(round), commits, u32(previous?.round ?? NO_ROUND), rows, seal]
  return Uint8Array.from(Buffer.concat(bytes))
}

/** The anchor that the bytes are; undefined when they are not exactly one, as any hotkey may put anything there. */
export function decodeAnchor(bytes: Uint8Array): Anchor | undefined {
  if (bytes.length !== ANCHOR_BYTES || !equalBytes(bytes.subarray(0, 4), MAGIC)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [round, previous] = [view.getUint32(4, true), view.getUint32(40, true)]
  const [commits, rows, seal] = [bytes.slice(8, 40), bytes.slice(44, 76), bytes.slice(76, 108)]
  if (round === NO_ROUND) return undefined
  if (previous !== NO_ROUND) return { round, commits, previous: { round: previous, rows, seal } }
  const isBlank = equalBytes(rows, NO_HASH) && equalBytes(seal, NO_HASH)
  return isBlank ? { round, commits, previous: undefined } : undefined
}
