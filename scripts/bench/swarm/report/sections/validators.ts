import { z } from 'zod'
import { type ChartRow, intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, LIMIT_COLOR, NEUTRAL_COLOR } from '../colors.ts'
import { figureField, section } from '../section.ts'

const games = z.array(z.array(figureField))
const schema = z.object({
  games: z.number(),
  honest: games,
  cards: games,
  copiers: z.array(z.object({ name: z.string(), means: z.array(figureField) })),
})

const GAMES: Readonly<Record<string, string>> = {
  stationary: 'qualities stand still: at most 1',
  redrawn: 'half the miners re-drawn each epoch: at most 0.5',
}

export const VALIDATORS = section(
  'validators',
  'What validators get',
  'Two honest validators ask different questions; another publishes what the models’ cards say; another copies weights. Lines go from the least to the most of all games.',
  schema,
  ({ games, honest, cards, copiers }) => {
    const trust = [
      range('honest, stake 2', column(honest, 0), 0),
      range('honest, stake 1', column(honest, 1), 0),
      range('reads cards, stake 1, beside an honest one', column(cards, 1), 1),
    ]
    const copies = copiers.map(({ name, means }) => range(GAMES[name] ?? name, means, 1))
    return [
      intervalChart('vtrust', trust, {
        unit: `mean of ${games} games`,
        marks: [{ value: 0.9, name: 'asked of the honest', color: LIMIT_COLOR }],
      }),
      intervalChart('A weight copier under commit-reveal', copies, {
        unit: 'dividends a stake, over those of honest validators',
        marks: [
          { value: 1, name: 'an honest validator', color: NEUTRAL_COLOR },
          { value: 0.5, name: 'half of it', color: NEUTRAL_COLOR },
        ],
      }),
    ].join('')
  },
)

const column = (rows: readonly (readonly number[])[], at: number) => rows.map((row) => row[at] ?? Number.NaN)

function range(name: string, values: readonly number[], color: number): ChartRow {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const interval = [Math.min(...values), Math.max(...values)] as const
  return { name, points: [{ value: mean, interval, color: colorOf(color) }] }
}
