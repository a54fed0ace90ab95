/** Sums that differ by less are equal: they were added in another order. */
const ROUNDING = 1e-9

/**
 * The item that is most like all others by their weight: argmax over i of Σ_{j≠i} weight_j · similarity(i, j). An item's own weight does not
 * speak for it. Of equal ones it is the first, so whoever calls decides by the order.
 * @param count of items, at least 1
 * @param similarity of two items, symmetric, higher is more alike
 * @param weights of what each item says, ≥ 0; 1 each unless told
 */
export function medoid(
  count: number,
  similarity: (i: number, j: number) => number,
  weights?: readonly number[],
): number {
  const support = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const alike = similarity(i, j)
      support[i]! += (weights?.[j] ?? 1) * alike
      support[j]! += (weights?.[i] ?? 1) * alike
    }
  }
  const most = support.reduce((a, b) => Math.max(a, b))
  return support.findIndex((value) => value >= most - ROUNDING)
}
