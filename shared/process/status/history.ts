/** The last points of a chart that grows by time. */
export interface History {
  /** One value for each series; null is a gap. */
  push(x: number, values: readonly (number | null)[]): void
  /** A row for x, then one for each series. */
  rows(): readonly (readonly (number | null)[])[]
}

/** @param most points that are kept; the oldest go first */
export function createHistory(series: number, most: number): History {
  const rows: (number | null)[][] = Array.from({ length: series + 1 }, () => [])
  return {
    push(x, values) {
      for (const [i, row] of rows.entries()) {
        row.push(i === 0 ? x : (values[i - 1] ?? null))
        if (row.length > most) row.shift()
      }
    },
    rows: () => rows,
  }
}
