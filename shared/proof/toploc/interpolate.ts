import { StarlingError } from '../../process/errors.ts'
import { evaluate, invert, multiplyAdd, PRIME } from './field.ts'

/** Moduli at or below this are never sent: the reference's Python search ends here. */
export const SMALLEST_MODULUS = 32769

/**
 * The largest modulus up to PRIME under which the indices stay apart, so that they can be the points of a polynomial.
 * @param indices whole numbers from 0
 * @throws StarlingError TOPLOC_NO_MODULUS when every modulus folds two of them together, as for equal indices
 */
export function injectiveModulus(indices: ArrayLike<number>): number {
  for (let modulus = PRIME; modulus >= SMALLEST_MODULUS; modulus--) {
    if (areApart(indices, modulus)) return modulus
  }
  throw new StarlingError('TOPLOC_NO_MODULUS', `no modulus keeps these ${indices.length} indices apart`)
}

function areApart(indices: ArrayLike<number>, modulus: number): boolean {
  const seen = new Set<number>()
  for (let i = 0; i < indices.length; i++) {
    seen.add(indices[i]! % modulus)
    if (seen.size <= i) return false
  }
  return true
}

/**
 * The polynomial of lowest degree through the points (Newton's form, expanded while it grows): for each point the Newton
 * coefficient is what the polynomial so far misses there, divided by the product of the distances to the points before.
 * @param xs in the field, all different
 * @param ys in the field
 * @returns coefficients ascending, one a point
 */
export function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>): Uint16Array {
  const coefficients = new Uint16Array(xs.length)
  // Π (X − x) over the points so far.
  const product = new Uint16Array(xs.length + 1)
  product[0] = 1
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!
    const missing = (ys[i]! + PRIME - evaluate(coefficients, x, i)) % PRIME
    const newton = multiplyAdd(missing, invert(evaluate(product, x, i + 1)), 0)
    for (let j = 0; j <= i; j++) coefficients[j] = multiplyAdd(newton, product[j]!, coefficients[j]!)
    const negative = (PRIME - x) % PRIME
    for (let j = i + 1; j > 0; j--) product[j] = multiplyAdd(negative, product[j]!, product[j - 1]!)
    product[0] = multiplyAdd(negative, product[0]!, 0)
  }
  return coefficients
}
