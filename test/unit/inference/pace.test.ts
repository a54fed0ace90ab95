import { expect, test } from 'vitest'
import { average, estimateMs, UNKNOWN_PACE } from '../../../shared/inference/engine/pace.ts'

const pace = { stepMs: 2, promptTokenMs: 0.1, answerTokens: 100 }
const free = { promptTokens: 0, waiting: 0, freeSlots: 4, slots: 4 }

test('an estimate is the prompt and the tokens, where a slot is free', () => {
  expect(estimateMs(pace, free, 50, 30)).toBe(5 + 60)
  // Answers have ended after 100 tokens, whatever they were allowed.
  expect(estimateMs(pace, free, 50, 4000)).toBe(5 + 200)
  expect(estimateMs(pace, { ...free, promptTokens: 400 }, 50, 30)).toBe(45 + 60)
})

test('without a free slot, those ahead have to end first', () => {
  const full = { ...free, freeSlots: 0, waiting: 7 }
  // Four slots give one answer every 50 ms; eight have to end.
  expect(estimateMs(pace, full, 0, 10)).toBe(8 * 50 + 20)
})

test('nothing measured promises everything', () => {
  expect(estimateMs(UNKNOWN_PACE, { ...free, freeSlots: 0, waiting: 9 }, 1000, 1000)).toBe(0)
})

test('an average follows a new pace', () => {
  let value = average(undefined, 10)
  expect(value).toBe(10)
  for (let i = 0; i < 100; i++) value = average(value, 20)
  expect(value).toBeGreaterThan(19.9)
})
