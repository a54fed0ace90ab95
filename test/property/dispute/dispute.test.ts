import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SIDES } from '../../../shared/dispute/referee.ts'
import { stepName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import { dispute, makeSide, makeWorld } from '../../support/dispute/world.ts'

const world = makeWorld({ length: 7 })
const steps = [...stepsOf(world.statement.plan)]
const honest = makeSide(world)

it('a liar loses at the tile of its lie, wherever it lies, and the honest side never does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: steps.length - 1 }),
      fc.nat({ max: 7 }),
      fc.constantFrom(...SIDES),
      fc.constantFrom(1e-4, -0.5, 1e30, Number.NaN, Number.POSITIVE_INFINITY),
      async (index, element, liar, offset) => {
        const step = steps[index]!
        const faults = [{ step, element, change: (value: number) => value + offset }]
        const sides = { challenger: honest, defender: honest, [liar]: makeSide(world, { faults }) }
        const { verdict } = await dispute(world, sides)
        expect(verdict).toMatchObject({ losers: [liar], reason: expect.stringContaining(stepName(step)) })
      },
    ),
    { numRuns: 25 },
  )
})
