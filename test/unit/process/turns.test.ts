import { expect, it } from 'vitest'
import { createTurns } from '../../../shared/process/turns.ts'

it('lets one caller go on in each turn of the event loop, in their order', async () => {
  const due: (() => void)[] = []
  const turn = createTurns((go) => due.push(go))
  const gone: number[] = []
  const all = [1, 2, 3].map((caller) => turn().then(() => gone.push(caller)))
  for (const caller of [1, 2, 3]) {
    while (due.length === 0) await Promise.resolve()
    expect(due).toHaveLength(1)
    expect(gone).toHaveLength(caller - 1)
    due.pop()!()
  }
  await Promise.all(all)
  expect(gone).toEqual([1, 2, 3])
})
