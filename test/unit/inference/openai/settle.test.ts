import { describe, expect, test } from 'vitest'
import { answerTokens, type Heard, hear, isSameText } from '../../../../shared/inference/openai/settle.ts'

const model = { eosToken: 257, stopTokens: [257, 258] }
const heard = (ids: number[], counted: number | undefined, finish: Heard['finish'] = 'stop'): Heard => ({
  text: '',
  ids,
  logProbs: [],
  finish,
  usage: counted === undefined ? undefined : { prompt: 1, answer: counted },
})

describe('answerTokens', () => {
  test.each<[string, Heard, number[]]>([
    ['all told', heard([1, 2, 257], 3), [1, 2, 257]],
    ['another end token', heard([1, 2, 258], 3), [1, 2, 258]],
    ['an end token counted and not told', heard([1, 2], 3), [1, 2, 257]],
    ['an end token neither counted nor told', heard([1, 2], 2), [1, 2, 257]],
    ['cut off', heard([1, 2], 2, 'length'), [1, 2]],
    ['some left out', heard([1, 2], 5), []],
    ['one left out of a cut answer', heard([1, 2], 3, 'length'), []],
    ['not counted', heard([1, 2], undefined), []],
    ['none told', heard([], 2), []],
  ])('%s', (_name, said, tokens) => {
    expect(answerTokens(model, said)).toEqual(tokens)
  })
})

test('hear puts events together, and knows when the end is missing', () => {
  const delta = { text: 'a', ids: [1], logProbs: [-1], finish: undefined, usage: undefined }
  expect(hear([delta, delta])).toBeUndefined()
  const end = { ...delta, text: '', ids: [], logProbs: [], finish: 'length' } as const
  const usage = { ...end, finish: undefined, usage: { prompt: 4, answer: 2 } }
  expect(hear([delta, delta, end, usage])).toEqual({
    text: 'aa',
    ids: [1, 1],
    logProbs: [-1, -1],
    finish: 'length',
    usage: { prompt: 4, answer: 2 },
  })
})

test('isSameText forgives a space in front and half a character at the end, and nothing else', () => {
  expect(isSameText('Hello', ' Hello')).toBe(true)
  expect(isSameText('n\uFFFD', 'n')).toBe(true)
  expect(isSameText('n\uFFFDx', 'nx')).toBe(false)
  expect(isSameText('Hello', 'Hello.')).toBe(false)
})
