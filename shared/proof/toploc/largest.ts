/** Clears the sign; what is left of a float32 pattern rises with the magnitude, NaN above infinity. */
const MAGNITUDE = 0x7fffffff

/** Candidates held at a time, as a multiple of how many are wanted: sorting them costs little if it happens seldom. */
const ROOM = 4

/**
 * Indices of the `count` values largest by magnitude, ascending; of equal magnitudes the lower index. One pass keeps what
 * exceeds the smallest value that could still be wanted, and thins the candidates out whenever they fill their room.
 * bfloat16 rounding never swaps two magnitudes, so this is one of the choices that PyTorch's top-k may make over rounded values.
 * @param count at most the number of values
 */
export function largestMagnitudes(values: Float32Array, count: number): Uint32Array {
  const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const candidates = { indices: new Uint32Array(count * ROOM), magnitudes: new Uint32Array(count * ROOM) }
  const { indices, magnitudes } = candidates
  let held = 0
  let floor = -1
  for (let index = 0; index < patterns.length; index++) {
    const magnitude = patterns[index]! & MAGNITUDE
    // One that equals the floor comes after `count` others that are no smaller.
    if (magnitude <= floor) continue
    indices[held] = index
    magnitudes[held++] = magnitude
    if (held < indices.length) continue
    floor = thinOut(candidates, held, count)
    held = count
  }
  if (held > count) thinOut(candidates, held, count)
  return indices.slice(0, count)
}

/** Moves the `count` largest of the first `held` candidates to the front, in order, and returns the smallest of them. */
function thinOut(
  { indices, magnitudes }: { readonly indices: Uint32Array; readonly magnitudes: Uint32Array },
  held: number,
  count: number,
): number {
  const sorted = magnitudes.slice(0, held).sort()
  const smallest = sorted[held - count]!
  let equalsLeft = count
  for (let i = held - 1; i >= 0 && sorted[i]! > smallest; i--) equalsLeft--
  let kept = 0
  for (let i = 0; i < held; i++) {
    const magnitude = magnitudes[i]!
    if (magnitude < smallest || (magnitude === smallest && equalsLeft-- <= 0)) continue
    indices[kept] = indices[i]!
    magnitudes[kept++] = magnitude
  }
  return smallest
}
