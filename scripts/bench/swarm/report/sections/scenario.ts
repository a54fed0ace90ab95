import { z } from 'zod'
import { type ChartRow, intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, NEUTRAL_COLOR } from '../colors.ts'
import { around, figureField, section } from '../section.ts'

const estimate = z.object({ mean: figureField, error: figureField })
type Estimate = z.infer<typeof estimate>
const schema = z.object({
  seeds: z.number(),
  groups: z.array(
    z.object({
      ...{ group: z.string(), count: z.number(), pay: estimate, best: estimate, answerPay: estimate },
      ...{ accuracy: estimate.nullable(), silenced: estimate, first: estimate },
    }),
  ),
  top1: estimate,
})

export const SCENARIO = section(
  'scenario',
  'The scenario',
  'The swarm that a file describes. Intervals are of 95 %, over swarms.',
  schema,
  ({ groups, top1 }) => {
    const name = ({ group, count }: (typeof groups)[number]) => `${group} (${count})`
    const pay = groups.map((one) => row(name(one), [one.pay, one.answerPay, one.best]))
    const conduct = groups.map((one) => row(name(one), [one.accuracy ?? UNKNOWN, one.silenced, one.first]))
    return [
      intervalChart('Pay a head', pay, {
        unit: 'of an equal share',
        legend: legend(['full pay', 'answer pay', 'its best-paid member']),
        marks: [{ value: 1, name: 'an equal share', color: NEUTRAL_COLOR }],
      }),
      intervalChart('Judging and answering', [...conduct, row('the best answer ranked first', [top1])], {
        ...{ unit: 'shares', from: 0, to: 1 },
        legend: legend(['gold pairs judged rightly', 'rounds silenced', 'fields in which it came first']),
      }),
    ].join('')
  },
)

const UNKNOWN: Estimate = { mean: Number.NaN, error: Number.NaN }

const legend = (names: readonly string[]) => names.map((name, i) => ({ name, color: colorOf(i) }))

function row(name: string, estimates: readonly Estimate[]): ChartRow {
  return {
    name,
    points: estimates.map(({ mean, error }, i) => ({
      ...{ value: mean, color: colorOf(i) },
      interval: around(mean, error),
    })),
  }
}
