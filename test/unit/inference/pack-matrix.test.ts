import { describe, expect, test } from 'vitest'
import { blocksOf, packMatrix } from '../../../shared/inference/model/pack-matrix.ts'
import type { Packing } from '../../../shared/inference/precision.ts'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { unpackMatrix } from './unpack-matrix.ts'

const q4 = { bits: 4, block: 16 } as const

describe('packMatrix', () => {
  test('lays out two values a byte, outputs outermost, and the zero points likewise', () => {
    // One output of 17 inputs: a block from −3 to 12 in whole steps, and a short one that holds −15 alone.
    const matrix = Float32Array.from({ length: 17 }, (_, i) => (i === 16 ? -15 : i - 3))
    const { values, scales, zeroPoints } = packMatrix(matrix, [17, 1], q4)
    expect([...scales]).toEqual([1, 1])
    expect([...zeroPoints]).toEqual([0xf3])
    expect(Buffer.from(values).toString('hex')).toBe(
      // 0 and 1, 2 and 3 …; then −15 as 0, and zeros as the zero point 15.
      ['10325476', '98badcfe', 'f0ffffff', 'ffffffff'].join(''),
    )
  })

  test('takes columns as outputs', () => {
    // [inputs, outputs]: the second output is twice the first.
    const matrix = Float32Array.from({ length: 32 }, (_, i) => (i >> 1) * (1 + (i % 2)))
    const { values, scales } = packMatrix(matrix, [16, 2], q4)
    expect([...scales]).toEqual([1, 2])
    expect(values.subarray(0, 8)).toEqual(values.subarray(8))
  })

  const precisions = [
    [4, 16],
    [4, 32],
    [4, 64],
    [8, 32],
    [8, 128],
  ] as const
  test.each(precisions)(
    '%i bits in blocks of %i are within half a step, a short block too',
    (bits, block) => {
      const packing: Pick<Packing, 'bits' | 'block'> = { bits, block }
      const random = seededRandom(3)
      const [inputs, outputs] = [172, 5]
      const matrix = Float32Array.from({ length: inputs * outputs }, () => gaussian(random))
      const packed = packMatrix(matrix, [inputs, outputs], packing)
      const again = unpackMatrix(packed, [inputs, outputs], packing)
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++) {
          const scale = packed.scales[output * blocksOf(inputs, packing) + Math.floor(input / block)]!
          const at = input * outputs + output
          // The zero point is rounded too, which may push the ends of the range half a step further out.
          expect(Math.abs(again[at]! - matrix[at]!)).toBeLessThanOrEqual(1.001 * scale)
        }
      }
    },
  )

  test('zeros stay zeros, and blocks of one sign keep 0 in their range', () => {
    const zeros = new Float32Array(32)
    expect(unpackMatrix(packMatrix(zeros, [32, 1], q4), [32, 1], q4)).toEqual(zeros)
    for (const sign of [1, -1]) {
      const matrix = Float32Array.from({ length: 16 }, (_, i) => (i === 3 ? 0 : sign * (20 + i)))
      const again = unpackMatrix(packMatrix(matrix, [16, 1], q4), [16, 1], q4)
      expect(again[3]).toBe(0)
      expect(Math.abs(again[15]! - matrix[15]!)).toBeLessThan(1e-5)
    }
  })
})
