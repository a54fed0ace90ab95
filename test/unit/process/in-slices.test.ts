import { expect, it } from 'vitest'
import { mapInSlices } from '../../../shared/process/in-slices.ts'

it('maps in order, and lets others have their turn after every slice of work', async () => {
  let ms = 0
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const items = Array.from({ length: 100 }, (_, i) => i)
  const doubled = await mapInSlices(
    items,
    (item) => {
      ms += 10
      return 2 * item
    },
    () => ms,
  )
  isOver = true
  expect(doubled).toEqual(items.map((item) => 2 * item))
  // Three items of 10 ms fill a slice.
  expect(turns).toBeGreaterThanOrEqual(33)
})
