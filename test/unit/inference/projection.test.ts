import { expect, test } from 'vitest'
import { projectRow } from '../../../shared/inference/projection.ts'

test('a projection is each row of the matrix times the hidden state, summed in double precision', () => {
  const row = Float32Array.of(1, 2, 3)
  expect([...projectRow(Float32Array.of(1, 0, 0, 0, 1, 1, -1, 2, 0.5), row)]).toEqual([1, 5, 4.5])
  // In single precision 1 would be lost beside 2^24.
  const wide = Float32Array.of(2 ** 24, 1, -(2 ** 24))
  expect([...projectRow(Float32Array.of(1, 1, 1), wide)]).toEqual([1])
})
