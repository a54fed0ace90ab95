import { expect, it } from 'vitest'
import { committedRoot, sketchRoot } from '../../../shared/proof/answer-root.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { floatBytes } from '../../../shared/proof/sketch/float-bytes.ts'
import { sketchMatrix, sketchSigns } from '../../../shared/proof/sketch/matrix.ts'
import { openedLeaves } from '../../../shared/proof/sketch/opening.ts'
import { sketchRows } from '../../../shared/proof/sketch/sketch.ts'
import { whiteningHash } from '../../../shared/proof/sketch/whitening.ts'

// All values come from a second implementation, in Python with hashlib and struct, written from the docstrings.

const fill = (byte: number) => new Uint8Array(32).fill(byte)
const WIDTH = 40
const inverse = Float32Array.from({ length: (WIDTH * (WIDTH + 1)) / 2 }, (_, n) => 1 / (n + 3))
const matrix = sketchMatrix(fill(1), { width: WIDTH, inverse })

it('draws signs from the challenge', () => {
  const minus = sketchSigns(fill(1), WIDTH).map((sign) => (sign === -1 ? 1 : 0))
  expect(minus.slice(0, 32).join('')).toBe('10011000101111100000010000100101')
})

it('folds R and L⁻¹ into one matrix', () => {
  expect(whiteningHash(floatBytes(matrix))).toBe(
    '2f80514dfee94847e2ebcda161d9a1f2f636f94300273f1e369b67100c39adb5',
  )
})

it('sketches a row', () => {
  const row = Float32Array.from({ length: WIDTH }, (_, j) => 1 / (1 + j))
  expect(toHex(floatBytes(sketchRows(row, matrix)))).toBe(
    '0xdbea513e7c7e41bf84217dbd053a563e472c353f7d7a6bbf960414be88e0f63d',
  )
})

it('commits to tokens and sketches', () => {
  const tokens = [72, 105, 33, 32, 58, 257]
  const sketches = Float32Array.from({ length: 48 }, (_, n) => n / 8)
  const root = sketchRoot(tokens, sketches)
  expect(toHex(root)).toBe('0x21969a6a92262c81c8d130001171157a9844871a16fafd84ef197aad5e90b40d')
  expect(toHex(committedRoot(tokens, root))).toBe(
    '0xf95a973ca14be90a32568ffd9438f25e76d85d7200b13b2735073b6e5751fc77',
  )
})

it.each([
  [1, [0]],
  [2, [0, 1]],
  [3, [0, 1]],
  [24, [15, 23]],
  [128, [55, 115]],
])('of %i leaves a beacon opens %j', (leaves, expected) => {
  expect(openedLeaves(fill(7), fill(8), leaves)).toEqual(expected)
})
