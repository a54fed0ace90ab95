import { z } from 'zod'
import { lineChart } from '../../../../page/line-chart.ts'
import { colorOf } from '../colors.ts'
import { around, figureField, section } from '../section.ts'

const schema = z.object({
  skillEdge: z.number(),
  rows: z.array(
    z.object({ nodes: z.number(), judges: z.string(), top1: figureField, top1Error: figureField }),
  ),
})

const NAMES: Readonly<Record<string, string>> = {
  honest: 'honest',
  inverters: '40 % inverters',
  'inverters, no verdict replayed': '… not replayed',
}

export const TOP1 = section(
  'top1',
  'The best answer comes out on top',
  'Simulated swarms of four sizes, honest and with judges that say the opposite of what their model does. Intervals are of 95 %, over seeds.',
  schema,
  ({ rows, skillEdge }) => {
    const sizes = [...new Set(rows.map(({ nodes }) => nodes))]
    const kinds = [...new Set(rows.map(({ judges }) => judges))]
    const series = kinds.map((kind, i) => {
      const own = sizes.map((size) => rows.find(({ judges, nodes }) => judges === kind && nodes === size))
      return {
        ...{ name: NAMES[kind] ?? kind, color: colorOf(i), values: own.map((row) => row?.top1) },
        intervals: own.map((row) => row && around(row.top1, row.top1Error)),
      }
    })
    return lineChart(
      'Fields whose best answer is ranked first',
      `share; a verdict prefers an answer worth 1 more at odds of e to the ${skillEdge}`,
      sizes.map((size) => `${size} nodes`),
      series,
      { limit: { value: 0.6, name: 'asked of 15 honest nodes' } },
    )
  },
)
