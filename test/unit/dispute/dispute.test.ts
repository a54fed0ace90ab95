import { describe, expect, it } from 'vitest'
import type { Ask } from '../../../shared/dispute/conduct.ts'
import { SIDES, type Side } from '../../../shared/dispute/referee.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import {
  OPERATORS,
  type OperatorName,
  type Step,
  stepName,
  stepsOf,
} from '../../../shared/inference/reference/plan.ts'
import { dispute, type Fault, makeSide, makeWorld } from '../../support/dispute/world.ts'

const world = makeWorld()
const steps = [...stepsOf(world.statement.plan)]
const honest = makeSide(world)
const random = seededRandom(5)

const against = (liar: Side, ask: Ask) => {
  return { challenger: honest, defender: honest, [liar]: ask }
}
const fault = (step: Step, change: Fault['change'] = (value) => value + 0.01): Fault => {
  return { step, element: 0, change }
}

describe('a dispute over a trace', () => {
  it('ends at once where two honest sides ran the same', async () => {
    const { verdict, traffic, reruns } = await dispute(world, { challenger: honest, defender: honest })
    expect(verdict.outcome).toBe('agreed')
    expect([traffic.rounds, reruns]).toEqual([1, 0])
  })

  const operators = Object.keys(OPERATORS) as OperatorName[]
  it.each(operators.map((operator, i) => [operator, SIDES[i % 2]!] as const))(
    'finds a false value of %s and condemns the lying %s',
    async (operator, liar) => {
      const places = steps.filter((step) => step.operator === operator)
      const step = places[Math.floor(random() * places.length)]!
      const { verdict, reruns } = await dispute(
        world,
        against(liar, makeSide(world, { faults: [fault(step)] })),
      )
      expect(verdict).toMatchObject({ losers: [liar], reason: expect.stringContaining(stepName(step)) })
      expect(reruns).toBe(1)
    },
  )

  it('condemns a liar whose value is off by two units in the last place', async () => {
    const step = steps.find(({ operator, chunk }) => operator === 'gate' && chunk === 1)!
    const nudge = (value: number) => value * (1 + 2 ** -22)
    const { verdict } = await dispute(
      world,
      against('defender', makeSide(world, { faults: [fault(step, nudge)] })),
    )
    expect(verdict).toMatchObject({ outcome: 'settled', losers: ['defender'] })
  })

  it('judges the first lie of two, and both sides where both lie there', async () => {
    const first = steps.find(({ operator, chunk }) => operator === 'scores' && chunk === 0)!
    const later = steps.find(({ operator, chunk }) => operator === 'fed' && chunk === 2)!
    const early = makeSide(world, { faults: [fault(first)] })
    const late = makeSide(world, { faults: [fault(later)] })
    const one = await dispute(world, { challenger: late, defender: early })
    expect(one.verdict).toMatchObject({ outcome: 'settled', losers: ['defender'] })
    const other = makeSide(world, { faults: [fault(first, (value) => value - 1)] })
    const both = await dispute(world, { challenger: other, defender: early })
    expect(both.verdict).toMatchObject({ outcome: 'settled', losers: ['challenger', 'defender'] })
  })

  it('condemns who runs other weights or other tokens', async () => {
    const { plan } = world.statement
    const tokens = [...plan.tokens].reverse()
    const others = {
      weights: { ...world, weights: makeWorld({ seed: 2 }).weights },
      tokens: { ...world, statement: { ...world.statement, plan: { ...plan, tokens } } },
    }
    for (const ran of Object.values(others)) {
      for (const liar of SIDES) {
        const { verdict } = await dispute(world, against(liar, makeSide(world, { ran })))
        expect(verdict).toMatchObject({ losers: [liar], reason: expect.stringContaining('comes out at') })
      }
    }
  })
})
