import type { DeviceFeed } from '../onnx/device-session.ts'
import type { Sequence } from '../runtime.ts'

/** Keys and values of sequences that were last computed together: one batch on the device. */
export interface Group {
  /** By row; a sequence that has left stays here until the group is remade. */
  readonly members: readonly DeviceSequence[]
  /** Positions along the cache's column axis, holes included; at least 1. */
  columns: number
  /** By `L.key` or `L.value`. */
  tensors: ReadonlyMap<string, DeviceFeed>
  live: number
}

/** A sequence with the place of its keys and values; `group` is undefined before the first token and after the last. */
export interface DeviceSequence extends Sequence {
  group: Group | undefined
  row: number
  /** The column of each token read so far. Their order is free: keys carry their position in themselves. */
  columns: number[]
}

export function openSequence(): DeviceSequence {
  return {
    group: undefined,
    row: 0,
    columns: [],
    get length() {
      return this.columns.length
    },
  }
}

/** True if a group holds these sequences and no others. */
export function holdsExactly(group: Group | undefined, sequences: readonly DeviceSequence[]): group is Group {
  return (
    group !== undefined &&
    group.members.length === sequences.length &&
    sequences.every((sequence) => sequence.group === group)
  )
}

/** Takes a sequence out of its group; the last to leave frees the device's memory. */
export function leave(sequence: DeviceSequence): void {
  const { group } = sequence
  sequence.group = undefined
  if (group === undefined) return
  group.live -= 1
  if (group.live === 0) free(group.tensors.values())
}

/** Gives back device memory; tensors in host memory are the collector's. */
export function free(feeds: Iterable<DeviceFeed>): void {
  for (const feed of feeds) if ('release' in feed) feed.release()
}

/** The plan of a regroup: for each place of the new batch the old place in `a` or, behind it, `b`. */
export interface Regroup {
  /** [members, kvHeads, columns], row-major, as `regroupGraph` takes it. */
  readonly index: Int32Array
  readonly columns: number
}

/**
 * Puts sequences of two groups, or none yet, side by side with their holes closed. Places that a shorter sequence leaves
 * over point at the first old place: a mask hides them.
 */
export function planRegroup(
  members: readonly DeviceSequence[],
  kvHeads: number,
  a: Pick<Group, 'members' | 'columns'>,
  b: Pick<Group, 'members' | 'columns'>,
): Regroup {
  const columns = Math.max(1, ...members.map((member) => member.columns.length))
  const index = new Int32Array(members.length * kvHeads * columns)
  const sizeOfA = a.members.length * kvHeads * a.columns
  for (const [newRow, { group, row, columns: old }] of members.entries()) {
    const source = group === a ? a : b
    const start = source === a ? 0 : sizeOfA
    for (let head = 0; head < kvHeads; head++) {
      const to = (newRow * kvHeads + head) * columns
      const from = start + (row * kvHeads + head) * source.columns
      for (const [i, column] of old.entries()) index[to + i] = from + column
    }
  }
  return { index, columns }
}
