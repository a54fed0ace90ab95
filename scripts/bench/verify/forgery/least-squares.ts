import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** What a map is trained from: a cheaper model's hidden state, and the token that it had read last. */
export interface Features {
  /** Row-major [n, width]. */
  readonly rows: Float32Array
  readonly width: number
  readonly tokens: readonly number[]
}

/** Added to the diagonal, relative to its mean: tokens that never came would make the normal equations singular. */
const RIDGE = 1e-6

/**
 * Ridge regression of the declared model's hidden states on a cheaper model's, and on the last token, with an offset: the best that a
 * linear forger can do. Whitening the targets first would change nothing, as least squares commute with linear maps of the targets.
 * @param targets row-major [n, targetWidth]
 * @returns predicts rows, row-major [n, targetWidth]
 */
export function trainMap(
  features: Features,
  targets: Float32Array,
  targetWidth: number,
  vocabularySize: number,
): (features: Features) => Float32Array {
  const { width } = features
  const size = width + vocabularySize + 1
  const products = Matrix.zeros(size, size)
  const answers = Matrix.zeros(size, targetWidth)
  const vector = new Float64Array(width)
  for (let row = 0; row < features.tokens.length; row++) {
    const places = nonZero(features, row, vector, size)
    const target = targets.subarray(row * targetWidth, (row + 1) * targetWidth)
    for (const [i, a] of places) {
      for (const [j, b] of places) products.set(i, j, products.get(i, j) + a * b)
      for (let k = 0; k < targetWidth; k++) answers.set(i, k, answers.get(i, k) + a * target[k]!)
    }
  }
  const ridge = (RIDGE * products.trace()) / size
  for (let i = 0; i < size; i++) products.set(i, i, products.get(i, i) + ridge)
  const map = new CholeskyDecomposition(products).solve(answers)
  return (given) => {
    const out = new Float32Array(given.tokens.length * targetWidth)
    for (let row = 0; row < given.tokens.length; row++)
      for (const [i, value] of nonZero(given, row, vector, size))
        for (let k = 0; k < targetWidth; k++) out[row * targetWidth + k]! += value * map.get(i, k)
    return out
  }
}

/** Places and values of a row's features: the hidden state, a one for the last token, and the offset. */
function nonZero(
  { rows, width, tokens }: Features,
  row: number,
  vector: Float64Array,
  size: number,
): [number, number][] {
  vector.set(rows.subarray(row * width, (row + 1) * width))
  const places = Array.from(vector, (value, i): [number, number] => [i, value])
  return [...places, [width + tokens[row]!, 1], [size - 1, 1]]
}
