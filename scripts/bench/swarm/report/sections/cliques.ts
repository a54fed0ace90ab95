import { z } from 'zod'
import { type ChartAxis, type ChartRow, endsOf, intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, LIMIT_COLOR, NEUTRAL_COLOR } from '../colors.ts'
import { around, figureField, section } from '../section.ts'

const cell = z.object({
  ...{ setting: z.string(), clique: z.number(), nodes: z.number(), strategy: z.string(), alone: z.boolean() },
  ...{ full: figureField, fullError: figureField, answer: figureField, answerError: figureField },
  ...{ best: figureField, bestError: figureField },
})
type Cell = z.infer<typeof cell>
const schema = z.object({ seeds: z.number(), cells: z.array(cell) })

/** What a clique is paid in, and its colour. */
const KINDS = [
  { name: 'full pay a head', of: ({ full, fullError }: Cell) => [full, fullError] as const },
  { name: 'answer pay a head', of: ({ answer, answerError }: Cell) => [answer, answerError] as const },
  { name: 'its best-paid member', of: ({ best, bestError }: Cell) => [best, bestError] as const },
]

export const CLIQUES = section(
  'cliques',
  'Cliques',
  'Members side with each other in different ways. Their answers are as good as everybody’s, so whatever they gain comes from judging. Pay is over the same miners when they are honest; intervals are of 95 %, over seeds.',
  schema,
  ({ cells }) => {
    const product = cells.filter(({ setting }) => setting === 'product')
    const [from, to] = endsOf(product.map(strategyRow), AXIS)
    const sizes = [...new Set(product.map(({ clique, nodes }) => `${clique} ${nodes}`))]
    const charts = sizes.map((size) => {
      const [clique, nodes] = size.split(' ').map(Number)
      const those = product.filter((one) => one.clique === clique && one.nodes === nodes)
      return chart(`${clique} % of ${nodes} nodes`, those.map(strategyRow), { from, to })
    })
    const others = [...new Set(cells.map(({ setting }) => setting))].filter((name) => name !== 'product')
    const beside = others.map((setting) => settingRow(setting, cells))
    const worst = beside.length === 0 ? '' : chart('Other settings, worst strategy, 40 % of 15 nodes', beside)
    return `${charts.join('')}${worst}`
  },
)

const AXIS: ChartAxis = {
  unit: 'pay over honest',
  legend: KINDS.map(({ name }, i) => ({ name, color: colorOf(i) })),
  marks: [
    { value: 1, name: 'honest', color: NEUTRAL_COLOR },
    { value: 1.05, name: 'the most that is asked', color: LIMIT_COLOR },
  ],
}

/** @param ends of the axis, the same for charts that are compared */
function chart(title: string, rows: readonly ChartRow[], ends: Pick<ChartAxis, 'from' | 'to'> = {}): string {
  return intervalChart(title, rows, { ...AXIS, ...ends })
}

function strategyRow(one: Cell): ChartRow {
  return { name: `${one.strategy}${one.alone ? ', on its own model' : ''}`, points: pointsOf(one) }
}

/** Of a setting, the strategy that is paid best. */
function settingRow(setting: string, cells: readonly Cell[]): ChartRow {
  const worst = cells
    .filter((one) => one.setting === setting)
    .reduce((most, one) => (Math.max(one.full, one.best) > Math.max(most.full, most.best) ? one : most))
  return { name: `${setting}: ${worst.strategy}`, points: pointsOf(worst) }
}

function pointsOf(one: Cell): ChartRow['points'] {
  return KINDS.map(({ of }, i) => {
    const [value, error] = of(one)
    return { value, interval: around(value, error), color: colorOf(i) }
  })
}
