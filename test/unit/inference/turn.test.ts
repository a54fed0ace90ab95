import { expect, test } from 'vitest'
import { CHUNK, nextChunk, TOKENS_PER_TURN, takeGroup } from '../../../shared/inference/engine/turn.ts'

test('chunks end at fixed positions of the prompt', () => {
  const prompt = Array.from({ length: 2 * CHUNK + 5 }, (_, i) => i)
  expect(nextChunk(prompt, 0)).toEqual(prompt.slice(0, CHUNK))
  expect(nextChunk(prompt, CHUNK)).toEqual(prompt.slice(CHUNK, 2 * CHUNK))
  expect(nextChunk(prompt, 2 * CHUNK)).toEqual(prompt.slice(2 * CHUNK))
  // After a start that is no boundary, as a shared beginning may leave, it goes to the next one.
  expect(nextChunk(prompt, 3)).toEqual(prompt.slice(3, CHUNK))
})

test('a group keeps to what a turn reads, passes over what does not fit, and never is empty', () => {
  const half = TOKENS_PER_TURN / 2
  const own = (length: number) => length
  expect(takeGroup([half, half, 1], own)).toEqual([half, half])
  expect(takeGroup([10, half + 1, 20, 30], own)).toEqual([10, 20, 30])
  expect(takeGroup([10 * TOKENS_PER_TURN, 1], own)).toEqual([10 * TOKENS_PER_TURN])
  expect(takeGroup([], own)).toEqual([])
})
