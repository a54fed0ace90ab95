import { Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { addRows, emptyMoments } from '../../../shared/proof/sketch/moments.ts'
import {
  decodeWhitening,
  encodeWhitening,
  whiteningHash,
  whiteningOf,
} from '../../../shared/proof/sketch/whitening.ts'

const WIDTH = 12

/** Rows with a common direction, correlated coordinates, and sizes from 1 to 1,000. */
function correlatedRows(count: number): Float32Array {
  const random = seededRandom(4)
  const mixing = Float64Array.from({ length: WIDTH * WIDTH }, () => gaussian(random))
  const rows = new Float32Array(count * WIDTH)
  for (let row = 0; row < count; row++) {
    const source = Array.from({ length: WIDTH }, () => 3 + gaussian(random))
    for (let i = 0; i < WIDTH; i++) {
      const mixed = source.reduce((sum, value, j) => sum + value * mixing[i * WIDTH + j]!, 0)
      rows[row * WIDTH + i] = mixed * 10 ** (i / 4)
    }
  }
  return rows
}

const rows = correlatedRows(400)
const moments = emptyMoments(WIDTH)
addRows(moments, rows.subarray(0, 100 * WIDTH))
addRows(moments, rows.subarray(100 * WIDTH))

describe('whitening', () => {
  it('leaves uncorrelated coordinates of unit size', () => {
    const { inverse } = whiteningOf(moments, 1e-12)
    const lower = Matrix.zeros(WIDTH, WIDTH)
    for (let i = 0, at = 0; i < WIDTH; i++) for (let j = 0; j <= i; j++, at++) lower.set(i, j, inverse[at]!)
    const white = new Matrix(
      Array.from({ length: 400 }, (_, r) => [...rows.subarray(r * WIDTH, (r + 1) * WIDTH)]),
    ).mmul(lower.transpose())
    const moment = white.transpose().mmul(white).div(400)
    expect(moment.sub(Matrix.eye(WIDTH)).abs().max()).toBeLessThan(1e-3)
  })

  it('bounds what the ridge lets a direction be stretched', () => {
    const flat = emptyMoments(2)
    addRows(flat, Float32Array.of(1, 0, -1, 0))
    const { inverse } = whiteningOf(flat, 1e-3)
    expect(inverse[2]).toBeCloseTo(1 / Math.sqrt(0.5e-3), 3)
  })

  it('refuses rows that give none', () => {
    expect(() => whiteningOf(emptyMoments(3))).toThrow(expect.objectContaining({ code: 'CALIBRATION_ROWS' }))
    const broken = emptyMoments(2)
    addRows(broken, Float32Array.of(1, Number.NaN))
    expect(() => whiteningOf(broken)).toThrow(expect.objectContaining({ code: 'CALIBRATION_ROWS' }))
    expect(() => addRows(moments, new Float32Array(5))).toThrow(RangeError)
  })

  it('is the same after a file, and refuses files that are damaged', () => {
    const whitening = whiteningOf(moments)
    const file = encodeWhitening(whitening)
    expect(file.length).toBe((WIDTH * (WIDTH + 1) * 4) / 2)
    expect(decodeWhitening(WIDTH, file)).toEqual(whitening)
    const other = file.map((byte, i) => (i === 40 ? byte ^ 1 : byte))
    expect(whiteningHash(other)).not.toBe(whiteningHash(file))
    const damaged = expect.objectContaining({ code: 'CALIBRATION_DAMAGED' })
    expect(() => decodeWhitening(WIDTH + 1, file)).toThrow(damaged)
    expect(() => decodeWhitening(WIDTH, new Uint8Array(file.length))).toThrow(damaged)
    expect(() => decodeWhitening(WIDTH, new Uint8Array(file.length).fill(0xff))).toThrow(damaged)
  })
})
