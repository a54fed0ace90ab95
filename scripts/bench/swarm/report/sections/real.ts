import { z } from 'zod'
import { escapeHtml } from '../../../../page/escape-html.ts'
import { intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, LIMIT_COLOR, NEUTRAL_COLOR } from '../colors.ts'
import { figure } from '../figures.ts'
import { figureField, htmlTable, section } from '../section.ts'

const accuracy = z.object({ value: figureField, low: figureField, high: figureField })
const field = z.object({
  questions: z.number(),
  rungs: z.record(z.string(), accuracy),
  oracle: figureField,
  bestSingle: z.object({ name: z.string(), accuracy: figureField }),
  ...{ gain: accuracy, overBest: accuracy, gapClosed: figureField },
  families: z.record(
    z.string(),
    z.object({
      questions: z.number(),
      ...{ single: figureField, majority: figureField, swarm: figureField, oracle: figureField },
    }),
  ),
})
type Field = z.infer<typeof field>
const schema = z.object({
  mixed: field,
  ...{ plain: field.optional(), alike: field.optional(), varied: field.optional() },
})

const SWARMS: Readonly<Record<string, string>> = {
  mixed: '5 nano, 5 small and 5 base',
  plain: '5 nano, 5 small and 5 base, all families alike',
  alike: '15 small',
  varied: '15 small at three temperatures and two precisions',
}

/** Of the ladder, as a reader wants them. */
const RUNGS: Readonly<Record<string, string>> = {
  first: 'any answer (chance)',
  majority: 'majority',
  medoid: 'medoid of the hashes',
  reliabilityWeightedMedoid: 'medoid, weighed by gold',
  reliabilityWeightedMajority: 'majority, weighed by gold',
  plainBradleyTerry: 'judges, all alike',
  crowdBt: 'judges, weighed by agreement (Crowd-BT)',
  bradleyTerry: 'judges, weighed by gold',
  likelihoodBradleyTerry: 'likelihood judges, weighed by gold',
  swarm: 'swarm: judges and answers, weighed by gold',
}

export const REAL = section(
  'real',
  'Real outputs',
  'The models that we ship answer and judge; each rung of the ladder reads one answer out of the field. Intervals are of 95 %, over questions drawn again.',
  schema,
  (facts) => {
    const fields = Object.entries(facts).flatMap(([name, one]) =>
      one === undefined ? [] : ([[name, one]] as const),
    )
    const gains = fields.map(([name, { gain, overBest }]) => ({
      name: SWARMS[name] ?? name,
      points: [gain, overBest].map(({ value, low, high }, i) => ({
        ...{ value, color: colorOf(i) },
        interval: [low, high] as const,
      })),
    }))
    const gain = intervalChart('The swarm over a majority, and over the best single miner', gains, {
      unit: 'points',
      legend: [
        { name: 'over majority', color: colorOf(0) },
        { name: 'over the best single', color: colorOf(1) },
      ],
      marks: [{ value: 0, name: 'no gain', color: LIMIT_COLOR }],
    })
    const ladders = fields.map(([name, one]) => ladder(SWARMS[name] ?? name, one))
    return `${gain}${ladders.join('')}${familyTable(facts.mixed)}`
  },
)

function ladder(name: string, { questions, rungs, oracle, bestSingle }: Field): string {
  const rows = Object.entries(rungs).map(([rung, { value, low, high }]) => ({
    name: RUNGS[rung] ?? rung,
    points: [{ value, interval: [low, high] as const, color: colorOf(rung === 'swarm' ? 1 : 0) }],
  }))
  return intervalChart(`${name}: right answers read out`, rows, {
    unit: `share of ${figure(questions)} questions`,
    marks: [
      { value: bestSingle.accuracy, name: `best single (${bestSingle.name})`, color: LIMIT_COLOR },
      { value: oracle, name: 'oracle: any answer right', color: NEUTRAL_COLOR },
    ],
  })
}

function familyTable({ families }: Field): string {
  const rows = Object.entries(families).map(([name, { questions, single, majority, swarm, oracle }]) => [
    ...[escapeHtml(name), figure(questions)],
    ...[single, majority, swarm, oracle].map(figure),
  ])
  const head = ['family of questions', 'asked', 'one miner, mean', 'majority', 'swarm', 'oracle']
  return `<h3>By family, ${escapeHtml(SWARMS.mixed!)}</h3>${htmlTable(head, rows)}`
}
