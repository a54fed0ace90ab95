import { z } from 'zod'
import { escapeHtml } from '../../../../page/escape-html.ts'
import { intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, NEUTRAL_COLOR } from '../colors.ts'
import { figure } from '../figures.ts'
import { figureField, section } from '../section.ts'

const miner = z.object({
  ...{ name: z.string(), behaviour: z.string(), emission: figureField, rejected: z.number() },
  ...{ replayed: z.number(), mismatched: z.number(), silenced: z.boolean() },
})
const played = z.object({ paidEpochs: z.number(), rounds: z.number(), miners: z.array(miner) })
type Played = z.infer<typeof played>
const schema = z.object({
  cliques: z.array(played.extend({ strategy: z.string(), emission: figureField, best: figureField })),
  shared: played.extend({ together: figureField }),
})

export const DEVNET = section(
  'devnet',
  'Through real processes',
  'A chain, a validator and miners, each a program of its own. What counts is what the chain paid.',
  schema,
  ({ cliques, shared }) =>
    [
      ...cliques.map((one) =>
        chart(
          `4 of 10 collude (${one.strategy}): ${figure(one.emission)} of honest pay a head, the best member ${figure(one.best)}`,
          one,
        ),
      ),
      chart(
        `4 hotkeys on one generation: together ${figure(shared.together)} of an honest miner’s pay`,
        shared,
      ),
    ].join(''),
)

function chart(title: string, { paidEpochs, rounds, miners }: Played): string {
  const kinds = [...new Set(miners.map(({ behaviour }) => behaviour))]
  const honest = miners.filter(({ behaviour }) => behaviour === 'honest')
  const mean = honest.reduce((sum, { emission }) => sum + emission, 0) / honest.length
  const rows = miners.map(({ name, behaviour, emission, rejected, replayed, mismatched, silenced }) => ({
    name: `${name}${silenced ? ', silenced' : ''}`,
    points: [
      {
        ...{ value: emission / mean, color: colorOf(kinds.indexOf(behaviour)) },
        title: `${rejected} answers rejected; ${mismatched} of ${replayed} replayed verdicts wrongly given`,
      },
    ],
  }))
  const chart = intervalChart(title, rows, {
    unit: 'pay over the mean of the honest',
    from: 0,
    legend: kinds.map((name, i) => ({ name, color: colorOf(i) })),
    marks: [{ value: 1, name: 'honest mean', color: NEUTRAL_COLOR }],
  })
  return `${chart}<p class="hint">${escapeHtml(`${paidEpochs} paid epochs, ${rounds} rounds`)}</p>`
}
