import type { Row } from './ledger.ts'

/**
 * What a weight copier publishes: for each miner the stake-weighted median of the rows that it can see, each row taken as shares of
 * its sum. Before there is any, all miners alike.
 *
 * @param rows by validator, undefined where nothing is revealed
 * @returns u16, the greatest 65535
 */
export function copiedRow(
  rows: readonly (Row | undefined)[],
  stakes: readonly number[],
  miners: number,
): Row {
  const seen = rows.flatMap((row, validator) => {
    const sum = row?.reduce((total, weight) => total + weight, 0) ?? 0
    return row === undefined || sum === 0
      ? []
      : [{ stake: stakes[validator]!, shares: row.map((weight) => weight / sum) }]
  })
  if (seen.length === 0) return new Array<number>(miners).fill(65_535)
  const medians = Array.from({ length: miners }, (_, miner) =>
    weightedMedian(seen.map(({ stake, shares }) => ({ stake, value: shares[miner]! }))),
  )
  const greatest = Math.max(...medians)
  return medians.map((median) => (greatest === 0 ? 65_535 : Math.round((median / greatest) * 65_535)))
}

/** The greatest value that validators with at least half of the stake reach. */
function weightedMedian(entries: readonly { stake: number; value: number }[]): number {
  const total = entries.reduce((sum, { stake }) => sum + stake, 0)
  let reached = 0
  for (const { stake, value } of [...entries].sort((a, b) => b.value - a.value)) {
    reached += stake
    if (reached * 2 >= total) return value
  }
  return 0
}
