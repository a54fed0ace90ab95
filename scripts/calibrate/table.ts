import Table from 'cli-table3'
import { STATISTICS } from '../../shared/proof/evidence/parameters.ts'
import type { CalibrationRun } from './run.ts'

/** One table: honest rows first, then the cheats. */
export function renderRun({ pair, summaries }: CalibrationRun): string {
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: [
      ...['class', 'answers of', 'rows', 'smallest', 'median', 'largest', 'AUC in one row', 'in four'],
      ...['flips in 10,000', 'mean margin', 'answers to an alarm: margins', 'sketches'],
    ],
    colAligns: ['left', 'left', ...Array<'right'>(10).fill('right')],
  })
  const name = pair.prover === pair.verifier ? pair.prover : `${pair.prover} by ${pair.verifier}`
  for (const { name: cheat, rows, smallest, median, largest, ...found } of summaries) {
    const distances = [smallest, median, largest].map((distance) => distance.toExponential(1))
    const areas = [found.areaInOneRow, found.areaInFourRows].map((area) => area?.toFixed(5) ?? '')
    const margins = [found.flipsIn10000.toFixed(1), found.meanMargin.toExponential(1)]
    const alarms = STATISTICS.map((statistic) => found.answersToAlarm[statistic]?.toFixed(1) ?? '–')
    table.push([name, cheat, rows, ...distances, ...areas, ...margins, ...alarms])
  }
  return table.toString()
}
