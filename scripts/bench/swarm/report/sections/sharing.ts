import { z } from 'zod'
import { lineChart, type Series } from '../../../../page/line-chart.ts'
import { colorOf } from '../colors.ts'
import { around, figureField, section } from '../section.ts'

const shared = z.object({
  ...{ hotkeys: z.number(), surprise: z.number(), by: z.string(), others: z.string() },
  ...{ pay: figureField, payError: figureField, work: figureField },
})
const split = z.object({
  ...{ hotkeys: z.number(), coldkeys: z.string(), alone: z.boolean() },
  ...{ pay: figureField, overOne: figureField, overOneError: figureField },
})
const schema = z.object({ shared: z.array(shared), split: z.array(split) })

export const SHARING = section(
  'sharing',
  'One generation, many hotkeys',
  'An owner’s hotkeys send one generation, or each makes its own, on everybody’s model or alone on one. What they are paid together, beside honest miners of other owners; intervals are of 95 %, over seeds.',
  schema,
  ({ shared, split }) => {
    const hotkeys = [...new Set(shared.map((row) => row.hotkeys))].sort((a, b) => a - b)
    const labels = hotkeys.map((k) => `k = ${k}`)
    const fixed = shared.filter(({ by, others }) => by === 'first' && others === 'copy')
    const nats = [...new Set(fixed.map(({ surprise }) => surprise))]
    const copies = nats.map((surprise, i) => ({
      ...payLine(
        hotkeys,
        fixed.filter((row) => row.surprise === surprise),
      ),
      ...{ name: `S = ${surprise} nats`, color: colorOf(i) },
    }))
    const others = shared.filter((row) => !fixed.includes(row))
    const ways = [...new Set(others.map(({ by, others }) => `${by} ${others}`))]
    const turns = ways.map((way, i) => ({
      ...payLine(
        hotkeys,
        others.filter(({ by, others }) => `${by} ${others}` === way),
      ),
      ...{ name: nameOf(way), color: colorOf(i) },
    }))
    const limit = { value: 1.05, name: 'the most that is asked from 20 nats on: 1.05' }
    return [
      lineChart('Copies of one generation, by surprise', 'pay in miners', labels, copies, { limit }),
      lineChart('Other ways to share, S = 40 nats', 'pay in miners', labels, turns, {
        limit: { value: 1, name: 'one miner' },
      }),
      lineChart('Each computes', 'pay over as many strangers', labels, splitLines(hotkeys, split), {
        limit: { value: 1, name: 'the most that is asked: 1' },
      }),
    ].join('')
  },
)

function payLine(
  hotkeys: readonly number[],
  rows: readonly z.infer<typeof shared>[],
): Pick<Series, 'values' | 'intervals'> {
  const of = hotkeys.map((k) => rows.find((row) => row.hotkeys === k))
  return {
    values: of.map((row) => row?.pay),
    intervals: of.map((row) => row && around(row.pay, row.payError)),
  }
}

/** First who generates, then what the others do. */
function nameOf(way: string): string {
  const [by, others] = way.split(' ')
  const does = { copy: 'copies', miss: 'misses', refuse: 'refuses' }[others!] ?? others
  return by === 'any' ? `turns; ${does}` : `one; ${does}`
}

function splitLines(hotkeys: readonly number[], rows: readonly z.infer<typeof split>[]): Series[] {
  const kinds = [...new Set(rows.map(({ coldkeys, alone }) => `${coldkeys} ${alone}`))]
  return kinds.map((kind, i) => {
    const own = rows.filter(({ coldkeys, alone }) => `${coldkeys} ${alone}` === kind)
    const [coldkeys, alone] = kind.split(' ')
    return {
      name: `${coldkeys === 'one' ? '1 coldkey' : 'k coldkeys'}${alone === 'true' ? ', alone' : ''}`,
      color: colorOf(i),
      values: hotkeys.map((k) => own.find((row) => row.hotkeys === k)?.pay),
    }
  })
}
