/** Running sums over rows of hidden states: what a whitening is made from. */
export interface Moments {
  readonly width: number
  rows: number
  /** Σ row_i · row_j for j ≤ i, a lower triangle row by row. */
  readonly products: Float64Array
}

export function emptyMoments(width: number): Moments {
  return { width, rows: 0, products: new Float64Array((width * (width + 1)) / 2) }
}

/** Adds rows, row-major [n, width], to the sums. @throws RangeError for part of a row */
export function addRows(moments: Moments, rows: Float32Array): void {
  const { width, products } = moments
  if (rows.length % width !== 0) throw new RangeError(`${rows.length} values are not whole rows of ${width}`)
  for (let start = 0; start < rows.length; start += width) {
    let at = 0
    for (let i = 0; i < width; i++) {
      const value = rows[start + i]!
      for (let j = 0; j <= i; j++) products[at++]! += value * rows[start + j]!
    }
  }
  moments.rows += rows.length / width
}
