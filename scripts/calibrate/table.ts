import Table from 'cli-table3'
import type { CalibrationRun } from './run.ts'

/** One table: honest rows first, then the cheats. */
export function renderRun({ pair, summaries }: CalibrationRun): string {
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['class', 'rows of', 'rows', 'smallest', 'median', 'largest', 'AUC in one row'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  })
  const name = pair.prover === pair.verifier ? pair.prover : `${pair.prover} by ${pair.verifier}`
  for (const { name: cheat, rows, smallest, median, largest, areaInOneRow } of summaries) {
    const distances = [smallest, median, largest].map((distance) => distance.toExponential(1))
    table.push([name, cheat, rows, ...distances, areaInOneRow?.toFixed(5) ?? ''])
  }
  return table.toString()
}
