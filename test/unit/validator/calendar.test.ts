import { describe, expect, it } from 'vitest'
import { createRoundCalendar } from '../../../validator/round/calendar.ts'

const seen = (blocks: readonly number[]) => {
  const calendar = createRoundCalendar(10)
  return blocks.map((block) => {
    const { due, missed } = calendar.see(block)
    return [due, ...missed.map(({ round }) => round)]
  })
}

describe('the calendar of rounds', () => {
  it('opens a round at its block, once', () => {
    expect(seen([20, 21, 20, 30])).toEqual([[2], [undefined], [undefined], [3]])
  })

  it('names none that was under way when it began', () => {
    expect(seen([25, 29, 30])).toEqual([[undefined], [undefined], [3]])
  })

  it('names every round whose block it did not see', () => {
    expect(seen([20, 29, 31, 40])).toEqual([[2], [undefined], [undefined, 3], [4]])
    expect(seen([20, 60])).toEqual([[2], [6, 3, 4, 5]])
    expect(seen([20, 63, 70])).toEqual([[2], [undefined, 3, 4, 5, 6], [7]])
  })

  it('says nothing of blocks older than before', () => {
    expect(seen([40, 30, 31, 50])).toEqual([[4], [undefined], [undefined], [5]])
  })
})
