import type { LiquidAlpha } from '../epoch-types.ts'
import { E, LAST_POWER } from '../exponential.ts'
import { fromInteger, saturatingDivide } from '../fixed-point.ts'
import { liquidAlphaOf } from '../reference/bonds.ts'
import { divide, fromProportion, multiply, ONE } from './number.ts'

/** Largest exponent whose series stays within exact doubles. */
const LARGEST_EXPONENT = 13 * ONE
const E_BITS = Number(E)

/** The alpha of a cell by consensus, weight and bond. */
export function fastLiquidAlphaOf(parameters: LiquidAlpha) {
  const low = fromProportion(parameters.alphaLow)
  const high = fromProportion(parameters.alphaHigh)
  const slope = Number(saturatingDivide(fromInteger(parameters.alphaSigmoidSteepness), fromInteger(-100)))
  const exactly = liquidAlphaOf(parameters)
  return (consensus: number, weight: number, bond: number): number => {
    const apart = weight >= bond ? weight - consensus : bond - weight
    const difference = Math.max(0, Math.min(ONE, apart))
    const exponent = multiply(slope, difference - ONE / 2)
    if (Math.abs(exponent) > LARGEST_EXPONENT) {
      return Number(exactly(BigInt(consensus), BigInt(weight), BigInt(bond)))
    }
    const sigmoid = divide(ONE, ONE + fastExponential(exponent))
    return Math.max(low, Math.min(high, low + multiply(sigmoid, high - low)))
  }
}

/** e^x as `exponential.ts` rounds it, for |x| ≤ 13. */
export function fastExponential(x: number): number {
  if (x === 0) return ONE
  if (x === ONE) return E_BITS
  const magnitude = Math.abs(x)
  let term = magnitude
  let result = magnitude + ONE
  for (let power = 2; power <= LAST_POWER && term !== 0; power++) {
    term = Math.floor(multiply(term, magnitude) / power)
    result += term
  }
  return x < 0 ? divide(ONE, result) : result
}
