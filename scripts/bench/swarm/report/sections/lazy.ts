import { z } from 'zod'
import { intervalChart, shortFigure } from '../../../../page/interval-chart.ts'
import { colorOf, LIMIT_COLOR } from '../colors.ts'
import { around, figureField, section } from '../section.ts'

const schema = z.object({
  ...{ answeringCost: z.number(), judgingCost: z.number() },
  rows: z.array(
    z.object({
      ...{ strategy: z.string(), share: z.number(), stopsAfter: z.number().nullable() },
      ...{ pRight: z.number(), judgeSkill: z.number() },
      ...{ payError: figureField, gain: figureField },
    }),
  ),
})
type Row = z.infer<typeof schema>['rows'][number]

const NAMES: Readonly<Record<string, string>> = {
  tie: 'always a tie',
  random: 'tosses a coin',
  copy: 'repeats another judge',
}

export const LAZY = section(
  'lazy',
  'Lazy judges',
  'Judges that say something without computing it. What they save is the cost of judging; what they lose is pay. Right of 0 it would be worth it.',
  schema,
  ({ rows, answeringCost, judgingCost }) => {
    const skillOf = ({ pRight, judgeSkill }: Row) => `answers right ${pRight}, judges right ${judgeSkill}`
    const skills = [...new Set(rows.map(skillOf))]
    const ways = [...new Set(rows.map(wayOf))]
    const drawn = ways.map((way) => ({
      name: way,
      points: rows
        .filter((row) => wayOf(row) === way)
        .map((row) => ({
          value: row.gain,
          interval: around(row.gain, row.payError),
          color: colorOf(skills.indexOf(skillOf(row))),
        })),
    }))
    return intervalChart('What laziness gains', drawn, {
      unit: `of an honest miner’s revenue, where answering costs ${answeringCost} of it and judging ${judgingCost}`,
      legend: skills.map((name, i) => ({ name, color: colorOf(i) })),
      marks: [{ value: 0, name: 'an honest judge', color: LIMIT_COLOR }],
      show: ({ points }) => `at most ${shortFigure(Math.max(...points.map(({ value }) => value)))}`,
    })
  },
)

function wayOf({ strategy, share, stopsAfter }: Row): string {
  const often = share < 1 ? `, on ${(100 * share).toFixed(0)} % of its verdicts` : ''
  return `${NAMES[strategy] ?? strategy}${often}${stopsAfter === null ? '' : ', until the first mismatch'}`
}
