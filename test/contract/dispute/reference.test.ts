import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIDES } from '../../../shared/dispute/referee.ts'
import {
  openReferenceEvaluator,
  type ReferenceEvaluator,
} from '../../../shared/inference/reference/evaluate.ts'
import { OPERATORS, type OperatorName, stepName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import { runTrace, traceLogits } from '../../../shared/inference/reference/trace.ts'
import { dispute, makeSide, makeWorld, type World } from '../../support/dispute/world.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

let reference: ReferenceEvaluator
let world: World

beforeAll(async () => {
  reference = await openReferenceEvaluator()
  world = makeWorld({ architecture: TINY, layout: { positionsPerChunk: 8, columnsPerTile: 32 }, length: 21 })
})
afterAll(() => reference.close())

describe('the reference run', () => {
  it('computes what the plain model computes', async () => {
    const weights = tinyWeights(2)
    const { plan } = world.statement
    const logits = traceLogits(await runTrace(plan, weights, reference.evaluate))
    const expected = referenceLogits(TINY, weights, plan.tokens).flat()
    expect(logits).toHaveLength(expected.length)
    expect(Math.max(...expected.map((value, i) => Math.abs(value - logits[i]!)))).toBeLessThan(2e-6)
  })

  it('agrees to the bit with other arithmetic that is as exact', async () => {
    const sides = { challenger: makeSide(world, { evaluate: reference.evaluate }), defender: makeSide(world) }
    expect((await dispute(world, sides, reference.evaluate)).verdict.outcome).toBe('agreed')
  })
})

describe('a dispute before a referee with the real runtime', () => {
  it.each(SIDES)('stays within its bars and condemns the lying %s', async (liar) => {
    const { evaluate } = reference
    const honest = makeSide(world, { evaluate })
    const operators = Object.keys(OPERATORS) as OperatorName[]
    for (const operator of operators.filter((_, i) => i % 5 === SIDES.indexOf(liar))) {
      const step = [...stepsOf(world.statement.plan)].findLast((some) => some.operator === operator)!
      const faults = [{ step, element: 3, change: (value: number) => value * 1.001 + 1e-6 }]
      const sides = { challenger: honest, defender: honest, [liar]: makeSide(world, { evaluate, faults }) }
      const { verdict, traffic, reruns } = await dispute(world, sides, evaluate)
      expect(verdict).toMatchObject({ losers: [liar], reason: expect.stringContaining(stepName(step)) })
      expect(reruns).toBe(1)
      expect(traffic.rounds).toBeLessThanOrEqual(20)
      expect(traffic.transcript).toBeLessThanOrEqual(10_000)
      expect(traffic.refereeInput).toBeLessThanOrEqual(1_000_000)
    }
  })
})
