import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { checkAnswer, extractAnswer } from '../../../shared/inference/tasks/check-answer.ts'
import { FAMILIES } from '../../../shared/inference/tasks/families.ts'
import {
  makeBareTask,
  makeProse,
  makeProsePrompt,
  makeTask,
} from '../../../shared/inference/tasks/make-task.ts'
import { sizeBelow } from '../../../shared/inference/tasks/size.ts'
import { encodeText } from '../../../shared/inference/tokenizer.ts'
import { hasCode } from '../../../shared/process/errors.ts'

const names = FAMILIES.map((family) => family.name)
const seedOf = fc.nat(0xffffffff)

/** The result of a question, worked out from its words alone. */
const SOLVERS: Record<string, (request: string) => string> = {
  add: (request) => {
    const [a, b] = request.match(/\d+/g)!.map(Number)
    return String(a! + b!)
  },
  subtract: (request) => {
    const [small, large] = request.match(/\d+/g)!.map(Number)
    return String(large! - small!)
  },
  multiply: (request) => {
    const [a, b] = request.match(/\d+/g)!.map(Number)
    return String(a! * b!)
  },
  sort: (request) => [...request.match(/\d+/)![0]].sort().join(''),
  reverse: (request) => [...request.split(' ').at(-1)!].reverse().join(''),
  capitals: (request) => request.split(' ').at(-1)!.toUpperCase(),
  count: (request) => {
    const [, letter, , word] = request.split(' ')
    return String([...word!].filter((seen) => seen === letter).length)
  },
  largest: (request) => String(Math.max(...request.match(/\d+/g)!.map(Number))),
  'look-up': (request) => {
    const [, key, , ...pairs] = request.split(' ')
    return pairs.find((pair) => pair[0] === key)!.slice(1)
  },
  roman: (request) => romanNumeral(Number(request.split(' ')[1])),
  json: (request) => {
    const [, field, object] = /^read (\w+) in (.*)$/.exec(request)!
    return String(JSON.parse(object!)[field!])
  },
}

/** By taking away the largest sign that fits, again and again. */
function romanNumeral(number: number): string {
  const signs = 'M1000 CM900 D500 CD400 C100 XC90 L50 XL40 X10 IX9 V5 IV4 I1'.split(' ')
  const sign = signs.find((candidate) => Number(candidate.replace(/\D/g, '')) <= number)
  if (sign === undefined) return ''
  return sign.replace(/\d/g, '') + romanNumeral(number - Number(sign.replace(/\D/g, '')))
}

function requestOf(prompt: string): string {
  return /, then (.*)\.$/.exec(prompt)![1]!
}

describe('tasks', () => {
  test('every family states the truth, in its result and in its worked answer', () => {
    expect(Object.keys(SOLVERS).sort()).toEqual([...names].sort())
    fc.assert(
      fc.property(seedOf, fc.constantFrom(...names), (seed, family) => {
        const task = makeTask(seededRandom(seed), family)
        expect(task.answer).toBe(SOLVERS[family]!(requestOf(task.prompt)))
        expect(checkAnswer(task, task.worked)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('the steps of sums, differences and products are true equations', () => {
    fc.assert(
      fc.property(seedOf, fc.constantFrom('add', 'subtract', 'multiply'), (seed, family) => {
        const { worked } = makeTask(seededRandom(seed), family)
        const steps = worked.split('\n')[1]!.match(/\d[\d+*-]*=\d+/g)!
        expect(steps.length).toBeGreaterThan(1)
        for (const step of steps) {
          const [left, right] = step.split('=') as [string, string]
          const terms = left.match(/[+-]?\d+(\*\d+)?/g)!.map((term) => {
            const [factor, times = 1] = term.split('*').map(Number)
            return factor! * times
          })
          expect(terms.reduce((sum, term) => sum + term, 0)).toBe(Number(right))
        }
      }),
    )
  })

  test('a bare question asks and answers the same without a story', () => {
    fc.assert(
      fc.property(seedOf, fc.constantFrom(...names), (seed, family) => {
        const task = makeBareTask(seededRandom(seed), family)
        expect(task.answer).toBe(SOLVERS[family]!(/^Now (.*)\.$/.exec(task.prompt)![1]!))
        expect(task.worked.split('\n')).toHaveLength(2)
        expect(checkAnswer(task, task.worked)).toBe(true)
      }),
    )
  })

  test('equal seeds make equal tasks, and other seeds others', () => {
    const prompts = (seed: number) => Array.from({ length: 5 }, () => makeTask(seededRandom(seed)).prompt)
    expect(prompts(3)).toEqual(prompts(3))
    expect(prompts(3)).not.toEqual(prompts(4))
  })

  test('answers are long enough to surprise, and short enough for a challenge', () => {
    const random = seededRandom(11)
    const lengths = Array.from({ length: 4000 }, () => encodeText(makeTask(random).worked).length + 1)
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(64)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(128)
  })

  test('no lean takes a question beyond the sizes that models were trained on', () => {
    for (const name of names) {
      const lengths = (lean?: number) => {
        const random = seededRandom(14)
        return Array.from({ length: 2000 }, () => requestOf(makeTask(random, name, lean).prompt).length)
      }
      const [usual, small, large] = [lengths(), lengths(-1), lengths(1)]
      const mean = (of: number[]) => of.reduce((sum, length) => sum + length, 0) / of.length
      for (const leaning of [small, large]) {
        expect(Math.min(...leaning)).toBeGreaterThanOrEqual(Math.min(...usual))
        expect(Math.max(...leaning)).toBeLessThanOrEqual(Math.max(...usual))
      }
      if (name === 'multiply') continue
      expect(mean(small)).toBeLessThan(mean(usual) - 0.1)
      expect(mean(large)).toBeGreaterThan(mean(usual) + 0.1)
    }
  })

  test('without a lean, questions come from the draws that models were trained on', () => {
    const [random, other, third] = [seededRandom(15), seededRandom(15), seededRandom(15)]
    for (let i = 0; i < 1000; i++) expect(sizeBelow(random, 5)).toBe(below(other, 5))
    for (let i = 0; i < 1000; i++) expect(sizeBelow(third, 5, 0)).toBeLessThan(5)
    expect(third()).toBe(random())
  })

  test('open-ended prompts look like tasks, in form and in length', () => {
    const random = seededRandom(12)
    const range = (make: () => string) => {
      const lengths = Array.from({ length: 2000 }, () => make().length).sort((a, b) => a - b)
      return { low: lengths[100]!, high: lengths[1900]! }
    }
    const tasks = range(() => makeTask(random).prompt)
    const prose = range(() => makeProsePrompt(random).prompt)
    expect(prose.low).toBeGreaterThanOrEqual(tasks.low)
    expect(prose.high).toBeLessThanOrEqual(tasks.high)
    expect(requestOf(makeProsePrompt(random).prompt)).toMatch(/^(say|tell) /)
  })

  test('a story keeps to whole sentences within its length', () => {
    const random = seededRandom(13)
    for (let i = 0; i < 500; i++) {
      const { worked } = makeProse(random)
      expect(worked.length).toBeGreaterThanOrEqual(64)
      expect(worked.length).toBeLessThanOrEqual(110)
      expect(worked).toMatch(/^[A-Z][^.]*\.( [A-Z][^.]*\.)*$/)
    }
  })

  test('an unknown family is refused by name', () => {
    try {
      makeTask(seededRandom(1), 'poetry')
      expect.unreachable()
    } catch (error) {
      expect(hasCode(error, 'UNKNOWN_FAMILY')).toBe(true)
    }
  })
})

describe('checking an answer', () => {
  const task = { family: 'add', prompt: '', answer: '42' }

  test('reads the last answer line', () => {
    expect(checkAnswer(task, 'At dawn.\n4+0=4\nanswer: 42')).toBe(true)
    expect(checkAnswer(task, 'answer: 42\nno, answer: 41')).toBe(false)
    expect(checkAnswer(task, 'answer: 41\nanswer: 42\nThe end.')).toBe(true)
    expect(checkAnswer(task, 'answer:42  ')).toBe(true)
  })

  test('refuses what only looks like the result', () => {
    for (const text of ['42', 'answer 42', 'answer: 42.', 'answer: 421', 'answer: 4 2', 'answer:\n42', '']) {
      expect(checkAnswer(task, text)).toBe(false)
    }
  })

  test('any text is read without an error, and only its own result passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (before, result) => {
        const text = `${before}answer: ${result}`
        const extracted = extractAnswer(text)
        expect(checkAnswer({ ...task, answer: '42' }, text)).toBe(extracted === '42')
      }),
    )
  })
})
