import { describe, expect, it } from 'vitest'
import { summariseStretch } from '../../../shared/proof/cusum.ts'
import { chooseReferences } from '../../../shared/proof/evidence/choose-references.ts'
import { chooseThreshold } from '../../../shared/proof/evidence/choose-threshold.ts'
import { placedFrom } from '../../../shared/proof/evidence/parameters.ts'
import { hashText } from '../../../shared/proof/hash.ts'
import { seededRandom } from '../../../shared/proof/random.ts'

const TOKENS = 20
type Answer = (random: () => number) => number[]

/** As in the noisy class: most tokens agree, one in fifty differs by up to ½. */
const sparse: Answer = (random) => Array.from({ length: TOKENS }, () => (random() < 0.02 ? random() / 2 : 0))
/** The same noise, but all of it in one answer of fifty. */
const clustered: Answer = (random) => {
  const isNoisy = random() < 0.02
  return Array.from({ length: TOKENS }, () => (isNoisy ? random() / 2 : 0))
}

const sample = (answer: Answer, count: number, seed: string) => {
  const random = seededRandom(hashText(seed))
  return Array.from({ length: count }, () => answer(random))
}

/** Answers that stand at the beginning of the sequence. */
const placed = (answers: readonly ArrayLike<number>[]) => answers.map((values) => placedFrom(0, values))

/** Alarms of a sum that starts again after each. */
function countAlarms(answers: readonly number[][], reference: number, threshold: number): number {
  let [sum, alarms] = [0, 0]
  for (const value of answers.flat()) {
    sum = Math.max(0, sum + value - reference)
    if (sum < threshold) continue
    alarms++
    sum = 0
  }
  return alarms
}

describe('chooseThreshold', () => {
  const reference = 0.02
  const sums = { references: [reference], clip: 1 }
  const [answersPerAlarm, answers] = [100, 3_000]

  it.each([
    ['independent', sparse],
    ['clustered', clustered],
  ])('keeps to the operator’s rate on fresh answers whose noise is %s', (name, answer) => {
    const threshold = chooseThreshold(placed(sample(answer, 500, `sample ${name}`)), {
      ...sums,
      answersPerAlarm,
    })
    const fresh = sample(answer, answers, `fresh ${name}`)
    expect(countAlarms(fresh, reference, threshold)).toBeLessThanOrEqual(answers / answersPerAlarm)
    // It is a bound, not an estimate; but not one that never alarms.
    expect(countAlarms(fresh, reference, threshold / 10)).toBeGreaterThan(answers / answersPerAlarm)
  })

  it('needs more for noise that clusters in few answers', () => {
    const wish = { ...sums, answersPerAlarm }
    const even = chooseThreshold(placed(sample(sparse, 500, 'a')), wish)
    expect(chooseThreshold(placed(sample(clustered, 500, 'a')), wish)).toBeGreaterThan(2 * even)
  })

  it('solves the equation: two values have an exponent in closed form', () => {
    // ±1 with probabilities ¼ and ¾: E[e^(θx)] = 1 at e^θ = 3. The imaginary token of 2 lowers that by little.
    const answer = Array.from({ length: 40_000 }, (_, i) => (i % 4 === 0 ? 2 : 0))
    const threshold = chooseThreshold(placed([answer]), {
      references: Array(625).fill(1),
      clip: 2,
      answersPerAlarm: 1,
    })
    // A quarter of the values are starts, each of weight 3.
    const exponent = Math.log(40_000 * 0.25 * 3) / threshold
    expect(exponent).toBeGreaterThan(0.99 * Math.log(3))
    expect(exponent).toBeLessThan(Math.log(3))
  })

  it('grows with the logarithm of the wish', () => {
    const honest = placed(sample(sparse, 500, 'growth'))
    const at = (answersPerAlarm: number) => chooseThreshold(honest, { ...sums, answersPerAlarm })
    expect(at(10_000) - at(1_000)).toBeCloseTo(at(1_000) - at(100), 9)
  })

  it('catches a cheat about as soon as its surplus over k fills the threshold', () => {
    const threshold = chooseThreshold(placed(sample(sparse, 500, 'honest')), {
      ...sums,
      answersPerAlarm: 10_000,
    })
    const cheat: Answer = (random) =>
      Array.from({ length: TOKENS }, () => (random() < 0.3 ? random() / 2 : 0))
    const delay = threshold / (0.3 * 0.25 - reference)
    const tokens = sample(cheat, 200, 'cheat').flat()
    const alarms = countAlarms([tokens], reference, threshold)
    expect(tokens.length / alarms).toBeGreaterThan(0.8 * delay)
    expect(tokens.length / alarms).toBeLessThan(1.6 * delay)
    expect(summariseStretch(tokens.map((value) => value - reference)).peak).toBeGreaterThan(threshold)
  })

  it('refuses a k that no threshold makes good', () => {
    const honest = placed(sample(sparse, 100, 'k'))
    const at = (k: number) => () => chooseThreshold(honest, { references: [k], clip: 1, answersPerAlarm })
    expect(at(0.004)).toThrow(
      expect.objectContaining({ code: 'CUSUM_REFERENCE', remedy: 'take a larger k, or sample more' }),
    )
    expect(at(1.1)).toThrow(expect.objectContaining({ code: 'CUSUM_REFERENCE' }))
    expect(at(0)).toThrow(expect.objectContaining({ code: 'CUSUM_REFERENCE' }))
    const broken = [...honest, ...placed([[Number.NaN]])]
    expect(() => chooseThreshold(broken, { ...sums, answersPerAlarm })).toThrow(/not a number/)
  })
})

describe('chooseReferences', () => {
  const choose = (honest: readonly ArrayLike<number>[], cheat: readonly ArrayLike<number>[]) =>
    chooseReferences(placed(honest), placed(cheat), 1)

  it('is Lucas’s for each 64 positions: (μ₁ − μ₀)/ln(μ₁/μ₀)', () => {
    const answers = (early: number, late: number) => [
      ...Array.from({ length: 10_000 }, () => [...Array(64).fill(early), late]),
    ]
    const [first, second, ...more] = choose(answers(1e-3, 2e-3), answers(1e-3 * Math.E, 4e-3))
    expect(first).toBeCloseTo(1e-3 * (Math.E - 1), 6)
    expect(second).toBeCloseTo(2e-3 / Math.log(2), 6)
    expect(more).toEqual([])
  })

  it('lies above the honest mean, and is positive for a sample without a single difference late in its answers', () => {
    const [first, late] = choose([[...Array(64).fill(0.1), 0]], [Array(65).fill(0.3)])
    expect(first).toBeGreaterThan(0.1)
    expect(late).toBeGreaterThan(0)
    // A cheat that measures less than the honest leaves nothing to choose.
    expect(choose([[0.2, 0.2]], [[0.1]])).toEqual([expect.closeTo(0.2, 12)])
  })

  it('goes by where values stand in the sequence, and up to the first stretch that a sample leaves empty', () => {
    const honest = [placedFrom(0, [0.1]), placedFrom(64, [0.2]), placedFrom(192, [0.3])]
    const cheat = honest.map(({ positions }) => ({ values: [5], positions }))
    const references = chooseReferences(honest, cheat, 1)
    expect(references).toHaveLength(2)
    // Clipped at 1; the largest honest value stands for one more of each stretch.
    expect(references[0]).toBeCloseTo(0.85 / Math.log(1 / 0.15), 12)
    expect(references[1]).toBeCloseTo(0.8 / Math.log(5), 12)
  })
})
