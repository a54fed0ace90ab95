import { z } from 'zod'
import { intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf } from '../colors.ts'
import { figure } from '../figures.ts'
import { figureField, htmlTable, section } from '../section.ts'

const schema = z.object({
  fields: z.number(),
  ways: z.array(
    z.object({
      ...{ way: z.string(), accuracy: figureField, items: figureField, pairs: figureField },
      ...{ asked: figureField, mixedUp: figureField },
    }),
  ),
})

const WAYS: Readonly<Record<string, string>> = {
  none: 'every answer is judged',
  clusters: 'one of each cluster is judged',
  medoid: 'the medoid, nobody judges',
}

export const ABLATION = section(
  'ablation',
  'With clusters and without',
  'Similarity hashing makes comparisons fewer. What it saves, and whether the answer that is read out is right as often.',
  schema,
  ({ fields, ways }) => {
    const name = (way: string) => WAYS[way] ?? way
    const rows = ways.map(({ way, accuracy }) => ({
      ...{ name: name(way), points: [{ value: accuracy, color: colorOf(0) }] },
    }))
    const chart = intervalChart('Right answers read out', rows, {
      ...{ unit: `share of ${figure(fields)} fields`, from: 0, to: 1 },
    })
    const head = [
      'way',
      'shown a judge',
      'pairs',
      'verdicts asked',
      'fields with right and wrong in one cluster',
    ]
    const cells = ways.map(({ way, items, pairs, asked, mixedUp }) => [
      ...[name(way), ...[items, pairs, asked].map(figure), `${figure(100 * mixedUp)} %`],
    ])
    return `${chart}${htmlTable(head, cells)}`
  },
)
