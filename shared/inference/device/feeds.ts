import type { Feed } from '../onnx/session.ts'
import type { Group } from './kv-groups.ts'

/** Vanishes in the softmax, and is still a number in half precision. */
const MASKED = -30_000

/**
 * Token feeds of `deviceGraph` for one chunk of each member of a group, right-padded to one length. A token sees the
 * columns of its own sequence and, among the new ones, those up to itself.
 */
export function feedsOf(
  chunks: readonly (readonly number[])[],
  { members, columns }: Pick<Group, 'members' | 'columns'>,
): { readonly padded: number; readonly feeds: Readonly<Record<string, Feed>> } {
  const batch = chunks.length
  const padded = Math.max(...chunks.map((chunk) => chunk.length))
  const total = columns + padded
  const ids = new BigInt64Array(batch * padded)
  const positions = new BigInt64Array(batch * padded)
  const bias = new Float32Array(batch * padded * total)
  for (const [row, chunk] of chunks.entries()) {
    const past = members[row]!.columns
    const visible = new Float32Array(total).fill(MASKED)
    for (const column of past) visible[column] = 0
    for (let i = 0; i < padded; i++) {
      const at = row * padded + i
      ids[at] = BigInt(chunk[i] ?? 0)
      // Padding stays within the tables of angles.
      positions[at] = BigInt(i < chunk.length ? past.length + i : 0)
      visible[columns + i] = 0
      bias.set(visible, at * total)
    }
  }
  return {
    padded,
    feeds: {
      input_ids: { data: ids, shape: [batch, padded] },
      position_ids: { data: positions, shape: [batch, padded] },
      attention_bias: { data: bias, shape: [batch, 1, padded, total] },
    },
  }
}
