import { below, type Random } from '../random.ts'

/**
 * A size from 0 to count − 1. Without a lean all are equally likely, from the same draws as `below`; with one, that often the larger
 * (above 0) or the smaller (below 0) of two counts. No lean leaves the range: models were trained on it.
 * @param lean from −1 to 1
 */
export function sizeBelow(random: Random, count: number, lean = 0): number {
  const size = below(random, count)
  if (lean === 0) return size
  const other = below(random, count)
  if (random() >= Math.abs(lean)) return size
  return lean > 0 ? Math.max(size, other) : Math.min(size, other)
}
