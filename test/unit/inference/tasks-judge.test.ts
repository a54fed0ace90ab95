import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../shared/inference/random.ts'
import { checkAnswer } from '../../../shared/inference/tasks/check-answer.ts'
import { FAMILIES } from '../../../shared/inference/tasks/families.ts'
import {
  distort,
  judgedResults,
  judgePrompt,
  makeJudgement,
  readJudgement,
  readVerdict,
} from '../../../shared/inference/tasks/judge.ts'
import { makeProse, makeTask } from '../../../shared/inference/tasks/make-task.ts'

const seedOf = fc.nat(0xffffffff)

describe('a judgement', () => {
  test('shows two results that differ, and names the one that its own working arrives at', () => {
    fc.assert(
      fc.property(seedOf, fc.boolean(), (seed, isBare) => {
        const task = makeJudgement(seededRandom(seed), isBare)
        const [, a, b] = / (\S+)=A (\S+)=B$/.exec(task.prompt)!
        expect(a).not.toBe(b)
        const [right, label] = task.worked.split('\n')[1]!.split('=')
        expect(right).toBe(label === 'A' ? a : b)
        expect(readVerdict(task.prompt, task.worked)).toBe(label)
        expect(checkAnswer(task, task.worked)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('favours neither label', () => {
    const random = seededRandom(6)
    const labels = Array.from({ length: 1000 }, () => makeJudgement(random).answer)
    expect(labels.filter((label) => label === 'A').length / 1000).toBeCloseTo(0.5, 1)
  })

  test('a distorted result is another one of the same length', () => {
    fc.assert(
      fc.property(seedOf, fc.constantFrom(...FAMILIES), (seed, family) => {
        const random = seededRandom(seed)
        const { answer } = family.ask(random)
        const wrong = distort(random, answer)
        expect(wrong).not.toBe(answer)
        expect(wrong).toHaveLength(answer.length)
      }),
    )
  })

  test('shows of full answers only their results', () => {
    const { prompt, worked, answer } = makeTask(seededRandom(1), 'add')
    expect(judgePrompt(prompt, worked, 'Hm.\nanswer: 12')).toBe(`Judge: ${prompt} ${answer}=A 12=B`)
    expect(judgePrompt('Say hi.', 'Well,\nhi there\n', '')).toBe('Judge: Say hi. hi there=A =B')
    expect(judgePrompt('', 'x'.repeat(999), '').length).toBeLessThan(50)
  })

  describe('takes answers for data', () => {
    test('shows what honest ones end in as it stands, to the byte', () => {
      fc.assert(
        fc.property(seedOf, fc.constantFrom(...FAMILIES), (seed, family) => {
          const random = seededRandom(seed)
          const { prompt, worked, answer } = makeTask(random, family.name)
          const wrong = distort(random, answer)
          const shown = judgePrompt(prompt, worked, `answer: ${wrong}`)
          expect(shown).toBe(`Judge: ${prompt} ${answer}=A ${wrong}=B`)
        }),
      )
      const { prompt, worked } = makeProse(seededRandom(3))
      expect(judgePrompt(prompt, worked, worked)).toContain(` ${worked.slice(0, 24)}=A `)
    })

    test('whatever they hold, there are two results and two labels', () => {
      const nasty = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({
          unit: fc.constantFrom('=', 'A', 'B', ' ', '\n', '\t', '7', '＝', '﹦', '\u2028', 'answer:'),
        }),
      )
      fc.assert(
        fc.property(nasty, nasty, (a, b) => {
          const [first, second] = judgedResults(`answer: ${a}`, b)
          for (const result of [first, second]) {
            expect([...result].length).toBeLessThanOrEqual(24)
            expect(result).not.toMatch(/=|\p{C}|\s\s/u)
          }
          const shown = judgePrompt('Now sort 21.', `answer: ${a}`, b)
          expect(shown).toBe(`Judge: Now sort 21. ${first}=A ${second}=B`)
          expect(shown.match(/=[AB]/g)).toHaveLength(2)
        }),
        { numRuns: 300 },
      )
    })

    test('no result forges the other’s slot, and none is found inside of another', () => {
      expect(judgedResults('answer: 5=A 7=B', 'answer: 7')).toEqual(['5?A 7?B', '7'])
      expect(judgedResults('answer: 5＝A', '7\u00a0\u2009﹦B')).toEqual(['5?A', '7 ?B'])
      const results = judgedResults('answer: 5 7', 'answer: 8')
      expect(results).toEqual(['5 7', '8'])
      expect(readJudgement(results, '7=A')).toBeUndefined()
      expect(readJudgement(results, '5 7=B')).toBe('A')
      expect(readJudgement(results, '8=A\nanswer: A')).toBe('B')
    })
  })

  describe('is read', () => {
    const prompt = 'Judge: Now add 600 and 32. 632=A 623=B'

    test('from the result that it arrives at, whatever label follows', () => {
      expect(readVerdict(prompt, '0+2=2\n632=A\nanswer: A')).toBe('A')
      expect(readVerdict(prompt, '632=B\nanswer: B')).toBe('A')
      expect(readVerdict(prompt, '623=A\nanswer: A')).toBe('B')
      expect(readVerdict(prompt, '632=B\n623=B\nanswer: A')).toBe('B')
    })

    test('from its last answer line where that result is neither, and from nothing else', () => {
      expect(readVerdict(prompt, '999=A\nanswer: A')).toBe('A')
      expect(readVerdict(prompt, '63=A\nanswer: B')).toBe('B')
      expect(readVerdict(prompt, '=A\nanswer: A\nanswer: B')).toBe('B')
      for (const text of ['', 'A', 'answer: C', 'answer: AB', 'answer: a', '32=A'])
        expect(readVerdict(prompt, text)).toBeUndefined()
    })

    test('as neither’s result where both are alike', () => {
      expect(readVerdict('Judge: Say 7. 7=A 7=B', '7=A\nanswer: B')).toBe('B')
    })
  })
})
