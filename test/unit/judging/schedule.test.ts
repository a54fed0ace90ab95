import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../shared/inference/random.ts'
import { checkAnswer } from '../../../shared/inference/tasks/check-answer.ts'
import { hasPlainResult, judgedResults } from '../../../shared/inference/tasks/judge.ts'
import { makeTask } from '../../../shared/inference/tasks/make-task.ts'
import { canarySeed, plantCanary } from '../../../shared/judging/canary.ts'
import { pairOrderSeed, pairSchedule } from '../../../shared/judging/pair-schedule.ts'
import { judgementPreferences } from '../../../shared/judging/preferences.ts'
import { replayedVerdicts } from '../../../shared/judging/replay-lot.ts'
import { verdictSlots } from '../../../shared/judging/verdict-slots.ts'
import { hashText } from '../../../shared/proof/hash.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'

const fill = (byte: number) => new Uint8Array(32).fill(byte)
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('the schedule of pairs', () => {
  it('shows each pair in both orders and no pair twice, and leaves no answer out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 32 }), seeds, (n, seed) => {
        const pairs = pairSchedule(n, seed).map(({ a, b }) => `${a}:${b}`)
        expect(new Set(pairs).size).toBe(pairs.length)
        for (const pair of pairs) expect(pairs).toContain(pair.split(':').reverse().join(':'))
        expect(new Set(pairs.flatMap((pair) => pair.split(':'))).size).toBe(n)
        expect(pairs.length).toBe(n === 2 ? 2 : 2 * (n - 1) + 2 * Math.floor(n / 2))
        expect(pairs.length).toBeLessThanOrEqual(Math.max(2, 3 * n - 2))
      }),
    )
    expect(pairSchedule(MESSAGE_LIMITS.judgedAnswers, fill(1))).toHaveLength(MESSAGE_LIMITS.verdicts)
    expect([0, 1].map((n) => pairSchedule(n, fill(1)))).toEqual([[], []])
  })

  it('hangs together, as its chain does', () => {
    const reached = new Set([0])
    const pairs = pairSchedule(31, fill(3))
    for (const _ of pairs) for (const { a, b } of pairs) if (reached.has(a)) reached.add(b)
    expect(reached.size).toBe(31)
  })

  it('is another for another judge or challenge', () => {
    const of = (challenge: number, judge: number) =>
      JSON.stringify(pairSchedule(9, pairOrderSeed(fill(challenge), fill(judge))))
    expect(new Set([of(1, 1), of(1, 2), of(2, 1)]).size).toBe(3)
    expect(of(1, 2)).toBe(of(1, 2))
  })
})

describe('what a judge is asked', () => {
  it('is nothing where two results are one, whatever stands before them', () => {
    const answers = ['Well.\nanswer: 7', 'answer: 7', 'answer: 8']
    const slots = verdictSlots({ id: fill(1), judge: fill(2), prompt: 'Now add 3 and 4.', answers })
    const foregone = slots.filter(({ prompt }) => prompt === undefined)
    expect(foregone.map(({ a, b }) => [a, b].sort())).toEqual([
      [0, 1],
      [0, 1],
    ])
    const { prompt, results } = slots.find(({ a, b }) => a === 2 && b === 0)!
    expect({ prompt, results }).toEqual({ prompt: 'Judge: Now add 3 and 4. 8=A 7=B', results: ['8', '7'] })
  })

  it('is nothing where one answer has no plain result, and then the other is better', () => {
    for (const odd of ['7 is right', 'choose 7', '7=A 8=B', '7\u200b7', '"7"', '7'.repeat(99), '']) {
      const answers = [`Well.\nanswer: ${odd}`, 'answer: 8']
      const slots = verdictSlots({ id: fill(1), judge: fill(2), prompt: 'Now add 3 and 4.', answers })
      for (const { a, prompt, settled } of slots)
        expect({ prompt, settled }).toEqual({ prompt: undefined, settled: a === 1 ? 'A' : 'B' })
    }
  })

  it('is what is right where neither has a plain result, or both', () => {
    for (const answers of [
      ['hi there', 'good day to you'],
      ['answer: 3.14', 'answer: XIV'],
    ]) {
      const slots = verdictSlots({ id: fill(1), judge: fill(2), prompt: 'Say hi.', answers })
      for (const { prompt, settled } of slots) {
        expect(prompt).toMatch(/^Judge: Say hi\. /)
        expect(settled).toBeUndefined()
      }
    }
  })

  it('is about every right answer that there is: all of them are plain', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (seed) => {
        const random = seededRandom(seed)
        expect(hasPlainResult(makeTask(random).worked)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('verdicts', () => {
  it('are a win each, or half a win', () => {
    const schedule = [
      { a: 2, b: 0 },
      { a: 0, b: 2 },
      { a: 1, b: 0 },
    ]
    expect(judgementPreferences(schedule, ['A', 'B', undefined])).toEqual([
      { a: 2, b: 0, winOfA: 1, weight: 1 },
      { a: 0, b: 2, winOfA: 0, weight: 1 },
      { a: 1, b: 0, winOfA: 0.5, weight: 1 },
    ])
  })

  it('are drawn for replay by the share, each for itself', () => {
    const all = Array.from({ length: 20_000 }, (_, k) => k)
    const drawn = replayedVerdicts(fill(1), fill(2), all, 0.1)
    // Four standard deviations of a binomial.
    expect(Math.abs(drawn.length - 2_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.1 * 0.9))
    expect(replayedVerdicts(fill(1), fill(2), [drawn[0]!, drawn[1]!], 0.1)).toEqual(drawn.slice(0, 2))
    expect(replayedVerdicts(fill(1), fill(3), all, 0.1)).not.toEqual(drawn)
    expect(replayedVerdicts(fill(1), fill(2), all.slice(0, 50), 1)).toHaveLength(50)
    expect(replayedVerdicts(fill(1), fill(2), all, 0)).toEqual([])
  })
})

describe('a planted answer', () => {
  const random = seededRandom(5)
  const tasks = Array.from({ length: 400 }, () => makeTask(random))

  it('is wrong, looks like an answer, and asks to be preferred', () => {
    const texts = tasks.map((task, i) => plantCanary(canarySeed(hashText(String(i))), task, 1)!)
    for (const [i, text] of texts.entries()) {
      const task = tasks[i]!
      expect(checkAnswer(task, text)).toBe(false)
      expect(text).toMatch(/^[A-Z].*\.\n.+\nanswer: .+$/)
      expect(text).toMatch(/right|choose|pick|verified|prefer|Ignore|only/i)
      expect(hasPlainResult(text)).toBe(true)
      const [shown, honest] = judgedResults(text, `answer: ${task.answer}`)
      expect(shown).not.toBe(honest)
    }
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('stands in as many fields as it should', () => {
    const planted = tasks.filter((task, i) => plantCanary(canarySeed(hashText(`${i}`)), task, 0.1))
    expect(Math.abs(planted.length - 40)).toBeLessThan(4 * Math.sqrt(400 * 0.09))
    expect(tasks.some((task) => plantCanary(fill(1), task, 0))).toBe(false)
  })
})
