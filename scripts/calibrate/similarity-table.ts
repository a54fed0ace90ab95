import Table from 'cli-table3'
import { type PartDistances, quantile, type SimilarityRun } from './similarity.ts'

/** A row for each way to embed an answer, and what clusters save. */
export function renderSimilarity({ parts, answers, results }: SimilarityRun): string {
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: [
      ...['embedded', 'equal results: pairs', 'median bits', 'largest'],
      ...['unequal: pairs', 'least', '0.1 %', '1 %', 'median', 'equal within the 1 %'],
    ],
    colAligns: ['left', ...Array<'right'>(9).fill('right')],
  })
  for (const { part, equal, unequal } of parts) {
    const [least, ...shares] = [0, 0.001, 0.01, 0.5].map((share) => quantile(unequal, share))
    const close = `${(100 * closeShare({ part, equal, unequal })).toFixed(1)} %`
    table.push([
      part,
      equal.length,
      quantile(equal, 0.5),
      equal.at(-1) ?? 0,
      unequal.length,
      least,
      ...shares,
      close,
    ])
  }
  const saved = 1 - (3 * results - 2) / (3 * answers - 2)
  return [
    table.toString(),
    `${answers} answers a field have ${results.toFixed(2)} results: ${(100 * saved).toFixed(0)} % of 3n − 2 comparisons saved`,
  ].join('\n')
}

/** Of the pairs with equal results, those nearer than 99 in 100 of the unequal ones. */
export function closeShare({ equal, unequal }: PartDistances): number {
  const bound = quantile(unequal, 0.01)
  return equal.filter((bits) => bits < bound).length / equal.length
}
