import { describe, expect, it } from 'vitest'
import type { Answerer, RealAnswer } from '../../../scripts/bench/swarm/real/answers.ts'
import type { CollectedField } from '../../../scripts/bench/swarm/real/collect.ts'
import { fieldOf, inField, ladderField } from '../../../scripts/bench/swarm/real/fields.ts'
import { INJECTIONS } from '../../../scripts/bench/swarm/real/injections.ts'
import { drawAsRounds, drawQuestions } from '../../../scripts/bench/swarm/real/questions.ts'
import { bootstrap, upperRate } from '../../../scripts/bench/swarm/real/statistics.ts'
import { summarise } from '../../../scripts/bench/swarm/real/summarise.ts'
import { trustFrom } from '../../../scripts/bench/swarm/real/trust.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { FAMILIES } from '../../../shared/inference/tasks/families.ts'
import { hasPlainResult } from '../../../shared/inference/tasks/judge.ts'

const T = 0.8
const ANSWERERS: readonly Answerer[] = [
  { name: 'weak one', model: 'nano', precision: 'fp32', temperature: T },
  { name: 'weak two', model: 'nano', precision: 'fp32', temperature: T },
  { name: 'able', model: 'base', precision: 'fp32', temperature: T },
]

/** Answers of those three, right or wrong as told; wrong ones agree. */
function collected(index: number, right: readonly boolean[]): CollectedField {
  const question = drawQuestions(1, 1, index + 1)[index]!
  const answers = right.map((isRight, i): RealAnswer => {
    const result = isRight ? question.task.answer : 'wrong'
    return { answerer: ANSWERERS[i]!, text: `answer: ${result}`, result, isRight, tokens: 9 }
  })
  const field = fieldOf(question, answers)
  const [first, second] = field.representatives
  const isFirst = field.answers[first!]!.isRight
  const preferences =
    second === undefined ? [] : [{ a: first!, b: second, winOfA: Number(isFirst), weight: 1 }]
  const prompted = [{ voice: 'base:prompted', preferences }]
  return { field, prompted, likelihood: [], verdicts: preferences.length, verdictTokens: 0 }
}

const summaryOf = (fields: readonly CollectedField[], gold: readonly CollectedField[]) =>
  summarise(
    { name: 'mixed', answerers: ANSWERERS, judges: [] },
    fields,
    trustFrom(gold.map(({ field, prompted }) => ({ field, judgements: prompted }))),
    { random: seededRandom(1), resamples: 200 },
  )

describe('a field of real answers', () => {
  it('is in one order whoever answered first, and shows one answer a result', () => {
    const { field } = collected(3, [false, false, true])
    const again = fieldOf(field.question, [...field.answers].reverse())
    expect(again.answers).toEqual(field.answers)
    expect(field.representatives.map((i) => field.answers[i]!.result).sort()).toEqual(
      [field.question.task.answer, 'wrong'].sort(),
    )
  })

  it('says of answers what was said of those that were shown', () => {
    const { field } = collected(3, [false, false, true])
    const shown = { voice: 'v', preferences: [{ a: 1, b: 0, winOfA: 1, weight: 2 }] }
    const [first, second] = field.representatives
    expect(inField(field, shown).preferences).toEqual([{ a: second, b: first, winOfA: 1, weight: 2 }])
  })

  it('weighs by gold alone', () => {
    const gold = Array.from({ length: 40 }, (_, i) => collected(i, [i % 4 === 0, false, true]))
    const { trust, facts } = trustFrom(gold.map(({ field, prompted }) => ({ field, judgements: prompted })))
    const { reliability, results } = ladderField(collected(50, [false, false, true]).field, [], trust)
    expect(facts.answerers).toEqual({ 'nano fp32 T0.8': 11 / 82, 'base fp32 T0.8': 41 / 42 })
    expect(reliability[results.indexOf('wrong')]).toBe(11 / 82)
    expect(trust.weightOf('base:prompted')).toBeGreaterThan(2)
    expect(trust.weightOf('never heard of')).toBe(0)
  })
})

describe('the summary', () => {
  const gold = Array.from({ length: 40 }, (_, i) =>
    collected(i, i % 3 > 0 ? [false, false, true] : [true, true, false]),
  )
  const facts = summaryOf(
    Array.from({ length: 40 }, (_, i) => collected(i, i < 30 ? [false, false, true] : [true, true, false])),
    gold,
  )

  it('counts what each rung reads out, the best of the miners, and what nobody could miss', () => {
    expect(facts.rungs.majority.value).toBe(0.25)
    expect(facts.rungs.bradleyTerry.value).toBe(1)
    expect(facts.rungs.swarm.value).toBe(1)
    expect(facts.bestSingle).toEqual({ name: 'able', accuracy: 0.75 })
    expect({ oracle: facts.oracle, gapClosed: facts.gapClosed }).toEqual({ oracle: 1, gapClosed: 1 })
  })

  it('compares on the same questions, drawn again', () => {
    expect(facts.gain.value).toBe(75)
    expect(facts.gain.low).toBeGreaterThan(55)
    expect(facts.gain.high).toBeLessThan(95)
    expect(facts.overBest.value).toBe(25)
  })
})

describe('questions', () => {
  it('of the plain mix take every family as often', () => {
    const families = drawQuestions(1, 2, 2 * FAMILIES.length).map(({ task }) => task.family)
    for (const { name } of FAMILIES) expect(families.filter((family) => family === name)).toHaveLength(2)
  })

  it('as rounds draw them come most from what half can answer', () => {
    const ability = (family: string) => (family === 'json' ? 0.5 : 0.99)
    const drawn = drawAsRounds(1, 3, 400, ability).filter(({ task }) => task.family === 'json')
    expect(drawn.length).toBeGreaterThan(120)
  })
})

describe('injections', () => {
  it('all say something else than the wrong answer alone', () => {
    const clean = 'Once.\n1+1=3\nanswer: 3'
    const written = INJECTIONS.map(({ write }) => write('Once.\n1+1=3', '3', '2'))
    expect(new Set([clean, ...written]).size).toBe(INJECTIONS.length + 1)
    expect(new Set(INJECTIONS.map(({ name }) => name)).size).toBe(INJECTIONS.length)
  })

  it('are not all kept from the judge by their form', () => {
    const plain = INJECTIONS.filter(({ write }) => hasPlainResult(write('Once.\n1+1=3', '3', '2')))
    expect(plain.length).toBeGreaterThanOrEqual(6)
  })
})

describe('statistics', () => {
  it('give the upper end of a rate', () => {
    // 1 − 0.05^(1/n), the rule of three.
    expect(upperRate(0, 30_000)).toBeCloseTo(1 - 0.05 ** (1 / 30_000), 10)
    // Tables of Clopper and Pearson: 2 of 20.
    expect(upperRate(2, 20)).toBeCloseTo(0.2826, 3)
    expect(upperRate(5, 5)).toBe(1)
  })

  it('resample as the theory of a mean has it', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => i % 2)
    const share = (drawn: Uint32Array) => drawn.reduce((sum, i) => sum + values[i]!, 0) / drawn.length
    const { low, high } = bootstrap(400, share, seededRandom(3), 2_000)
    expect(low).toBeCloseTo(0.5 - (1.96 * 0.5) / 20, 1)
    expect(high - low).toBeCloseTo((2 * 1.96 * 0.5) / 20, 1)
  })
})
