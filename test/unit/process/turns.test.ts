import { expect, it } from 'vitest'
import { createTurns } from '../../../shared/process/turns.ts'

it('lets a few callers go on in each turn of the event loop, in their order', async () => {
  const due: (() => void)[] = []
  const turn = createTurns(2, (go) => due.push(go))
  const gone: number[] = []
  const all = [1, 2, 3, 4, 5].map((caller) => turn().then(() => gone.push(caller)))
  for (const expected of [
    [1, 2],
    [1, 2, 3, 4],
    [1, 2, 3, 4, 5],
  ]) {
    expect(due).toHaveLength(1)
    due.pop()!()
    await Promise.resolve()
    expect(gone).toEqual(expected)
  }
  expect(due).toHaveLength(0)
  await Promise.all(all)

  const late = turn()
  expect(due).toHaveLength(1)
  due.pop()!()
  await late
})
