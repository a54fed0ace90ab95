import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../shared/inference/random.ts'
import { makeChat } from '../../../shared/inference/tasks/chat.ts'
import { checkAnswer, extractAnswer } from '../../../shared/inference/tasks/check-answer.ts'

const seedOf = fc.nat(0xffffffff)

/** The result of a follow-up question, worked out from its words and the result before it. */
function solve(request: string, before: string): string {
  const amount = /^add (\d+) to that$/.exec(request)?.[1]
  if (amount !== undefined) return String(Number(before) + Number(amount))
  if (request === 'reverse that') return [...before].reverse().join('')
  if (request === 'sort that') return [...before].sort().join('')
  if (request === 'shout that') return before.toUpperCase()
  throw new RangeError(request)
}

describe('a conversation', () => {
  test('answers its second question by the answer to the first', () => {
    fc.assert(
      fc.property(seedOf, fc.boolean(), (seed, isBare) => {
        const { earlier, ...task } = makeChat(seededRandom(seed), isBare)
        const request = /(?:^Now|, then) (.*)\.$/.exec(task.prompt)![1]!
        expect(task.answer).toBe(solve(request, extractAnswer(earlier.worked)!))
        expect(checkAnswer(task, task.worked)).toBe(true)
        expect(task.prompt.startsWith('Now ')).toBe(isBare)
      }),
      { numRuns: 500 },
    )
  })

  test('goes on in all four ways, and is equal for equal seeds', () => {
    const random = seededRandom(3)
    const verbs = Array.from({ length: 200 }, () => makeChat(random, true).prompt.split(' ')[1])
    expect(new Set(verbs)).toEqual(new Set(['add', 'reverse', 'sort', 'shout']))
    expect(makeChat(seededRandom(9))).toEqual(makeChat(seededRandom(9)))
  })
})
