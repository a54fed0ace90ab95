import { describe, expect, it } from 'vitest'
import { MOST_STRIKES } from '../../../shared/dispute/conduct.ts'
import { type Quarrel, SIDES } from '../../../shared/dispute/referee.ts'
import { weigh } from '../../../shared/dispute/weigh.ts'
import type { Evaluate } from '../../../shared/inference/reference/evaluate.ts'
import type { Matrix } from '../../../shared/inference/reference/matrix.ts'
import { stepsOf } from '../../../shared/inference/reference/plan.ts'
import { isAdmissible, slackOf } from '../../../shared/inference/reference/rounding.ts'
import { plainEvaluate } from '../../support/dispute/plain-evaluator.ts'
import { dispute, makeSide, makeWorld } from '../../support/dispute/world.ts'

const row = (...values: number[]): Matrix => {
  return { rows: 1, columns: values.length, data: Float64Array.from(values) }
}
const column = (...values: number[]): Matrix => {
  return { rows: values.length, columns: 1, data: Float64Array.from(values) }
}
const step = { chunk: 0, block: 1, operator: 'fed', tile: 0 } as const
const UP = 1 + 2 ** -23
const MIDDLE = 1 + 2 ** -24

describe('the tolerance of one operator', () => {
  it('takes both neighbours of a tie, and one value elsewhere', () => {
    const slack = 2 ** -50
    expect([1, UP].map((claim) => isAdmissible(claim, MIDDLE, slack))).toEqual([true, true])
    expect([1, UP].map((claim) => isAdmissible(claim, MIDDLE + 2 ** -40, slack))).toEqual([false, true])
    expect([1 - 2 ** -24, 1 + 2 ** -22].some((claim) => isAdmissible(claim, MIDDLE, slack))).toBe(false)
  })

  it('takes what is not a number only where nothing else comes out', () => {
    for (const claim of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(isAdmissible(claim, 1, 1e-9)).toBe(false)
      expect(isAdmissible(claim, claim, 0)).toBe(true)
    }
    expect(isAdmissible(1, Number.NaN, 0)).toBe(false)
  })

  it('is none where every machine computes the same', () => {
    for (const kind of ['gather', 'add', 'rotate'] as const)
      expect([...slackOf({ kind, matrices: [row(3)] }, Float64Array.of(3))]).toEqual([0])
  })

  it.each(['rms-norm', 'softmax', 'swiglu'] as const)('forgives %s a few last bits of a double', (kind) => {
    const exact = Float64Array.of(MIDDLE * (1 + 2 ** -50), -MIDDLE)
    const slack = slackOf({ kind, matrices: [] }, exact)
    expect(isAdmissible(1, exact[0]!, slack[0]!)).toBe(true)
    expect(isAdmissible(-1, exact[1]!, slack[1]!)).toBe(true)
    expect(isAdmissible(1, MIDDLE * (1 + 2 ** -38), slack[0]!)).toBe(false)
  })

  it('is wider than what the order of a sum can change, also where terms cancel', () => {
    const terms = Array.from({ length: 400 }, (_, i) => Math.fround(Math.sin(7 * i) * 10 ** (i % 15)))
    const forward = terms.reduce((sum, term) => sum + term, 0)
    const backward = terms.reduceRight((sum, term) => sum + term, 0)
    const ones = column(...terms.map(() => 1))
    const [slack] = slackOf({ kind: 'matmul', matrices: [row(...terms), ones] }, Float64Array.of(forward))
    expect(forward).not.toBe(backward)
    expect(Math.abs(forward - backward)).toBeLessThan(slack!)
    expect(slack).toBeLessThan(1e-11 * 10 ** 15)
  })
})

describe('weighing two claims', () => {
  const quarrel = (challenger: number[], defender: number[]): Quarrel => {
    const inputs = { kind: 'matmul', matrices: [row(1, 2 ** -24), column(1, 1)] } as const
    const claims = { challenger: Float32Array.from(challenger), defender: Float32Array.from(defender) }
    return { step, inputs, claims }
  }

  it('settles a tie by its own rounding, and counts it against who had the other', () => {
    expect(weigh(quarrel([1], [UP]), Float64Array.of(MIDDLE))).toEqual({
      pins: [{ step, element: 0, value: 1 }],
      strikes: ['defender'],
    })
  })

  it('takes zero without a sign', () => {
    expect(weigh(quarrel([0], [-0]), Float64Array.of(-0))).toEqual({
      pins: [{ step, element: 0, value: 0 }],
      strikes: ['defender'],
    })
  })

  it('condemns whoever is beyond the tolerance', () => {
    const exact = Float64Array.of(MIDDLE)
    expect(weigh(quarrel([1], [2]), exact)).toMatchObject({ losers: ['defender'] })
    expect(weigh(quarrel([Number.NaN], [1]), exact)).toMatchObject({ losers: ['challenger'] })
    expect(weigh(quarrel([0], [2]), exact)).toMatchObject({ losers: ['challenger', 'defender'] })
  })
})

describe('machines that round differently', () => {
  const world = makeWorld()

  /** Puts first elements of the down projection on a tie, or just below it; in the last, shorter chunk alone if told. */
  const machine =
    (offset: number, everywhere: boolean): Evaluate =>
    async (inputs) => {
      const exact = await plainEvaluate(inputs)
      const [a] = inputs.matrices
      if (inputs.kind !== 'matmul' || a!.columns !== 40 || !(everywhere || a!.rows === 2)) return exact
      const near = Math.fround(exact[0]!)
      const ulp = 2 ** (Math.floor(Math.log2(Math.abs(near))) - 23)
      return exact.map((value, i) => (i === 0 ? (near + ulp / 2) * (1 + offset) : value))
    }
  const rare = { tie: machine(0, false), other: machine(2 ** -51, false) }
  const often = { tie: machine(0, true), other: machine(2 ** -51, true) }

  it.each(SIDES)('agree after a few settled roundings when the %s has the other machine', async (side) => {
    const sides = {
      challenger: makeSide(world, { evaluate: rare.tie }),
      defender: makeSide(world, { evaluate: rare.tie }),
    }
    sides[side] = makeSide(world, { evaluate: rare.other })
    const { verdict, reruns } = await dispute(world, sides, rare.tie)
    expect(verdict.outcome).toBe('agreed')
    expect(reruns).toBeGreaterThan(0)
    expect(reruns).toBeLessThanOrEqual(MOST_STRIKES)
  })

  it('does not shelter a lie that comes after', async () => {
    const lie = [...stepsOf(world.statement.plan)].findLast(({ operator }) => operator === 'logits')!
    const faults = [{ step: lie, element: 0, change: (value: number) => value + 1 }]
    const sides = {
      challenger: makeSide(world, { evaluate: rare.tie }),
      defender: makeSide(world, { evaluate: rare.other, faults }),
    }
    const { verdict, reruns } = await dispute(world, sides, rare.tie)
    expect(verdict).toMatchObject({ losers: ['defender'], reason: expect.stringContaining('logits') })
    expect(reruns).toBeGreaterThan(1)
  })

  it('is no excuse for ever', async () => {
    const sides = {
      challenger: makeSide(world, { evaluate: often.tie }),
      defender: makeSide(world, { evaluate: often.other }),
    }
    const { verdict, reruns } = await dispute(world, sides, often.tie)
    expect(verdict).toMatchObject({ losers: ['defender'], reason: expect.stringContaining('7 times') })
    expect(reruns).toBe(MOST_STRIKES + 1)
  })
})
