import { describe, expect, it } from 'vitest'
import { summariseStretch } from '../../../shared/proof/cusum.ts'
import { chooseThreshold } from '../../../shared/proof/evidence/choose-threshold.ts'
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
  const [answersPerAlarm, answers] = [100, 5_000]

  it.each([
    ['independent', sparse],
    ['clustered', clustered],
  ])('keeps to the operator’s rate on fresh answers whose noise is %s', (name, answer) => {
    const threshold = chooseThreshold(sample(answer, 500, `sample ${name}`), { reference, answersPerAlarm })
    const fresh = sample(answer, answers, `fresh ${name}`)
    expect(countAlarms(fresh, reference, threshold)).toBeLessThanOrEqual(answers / answersPerAlarm)
    // It is a bound, not an estimate; but not one that never alarms.
    expect(countAlarms(fresh, reference, threshold / 10)).toBeGreaterThan(answers / answersPerAlarm)
  })

  it('needs more for noise that clusters in few answers', () => {
    const wish = { reference, answersPerAlarm }
    const even = chooseThreshold(sample(sparse, 500, 'a'), wish)
    expect(chooseThreshold(sample(clustered, 500, 'a'), wish)).toBeGreaterThan(2 * even)
  })

  it('solves the equation: two values have an exponent in closed form', () => {
    // ±1 with probabilities ¼ and ¾: E[e^(θx)] = 1 at e^θ = 3. The imaginary token of 2 lowers that by little.
    const answer = Array.from({ length: 40_000 }, (_, i) => (i % 4 === 0 ? 2 : 0))
    const threshold = chooseThreshold([answer], { reference: 1, answersPerAlarm: 1 })
    expect(Math.log(40_000) / threshold).toBeGreaterThan(0.99 * Math.log(3))
    expect(Math.log(40_000) / threshold).toBeLessThan(Math.log(3))
  })

  it('grows with the logarithm of the wish', () => {
    const honest = sample(sparse, 500, 'growth')
    const at = (answersPerAlarm: number) => chooseThreshold(honest, { reference, answersPerAlarm })
    expect(at(10_000) - at(1_000)).toBeCloseTo(at(1_000) - at(100), 9)
  })

  it('catches a cheat about as soon as its surplus over k fills the threshold', () => {
    const threshold = chooseThreshold(sample(sparse, 500, 'honest'), { reference, answersPerAlarm: 10_000 })
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
    const honest = sample(sparse, 100, 'k')
    const at = (reference: number) => () => chooseThreshold(honest, { reference, answersPerAlarm })
    expect(at(0.004)).toThrow(expect.objectContaining({ code: 'CUSUM_REFERENCE', remedy: 'take a larger k' }))
    expect(at(1.1)).toThrow(expect.objectContaining({ code: 'CUSUM_REFERENCE' }))
    expect(at(0)).toThrow(expect.objectContaining({ code: 'CUSUM_REFERENCE' }))
  })
})
