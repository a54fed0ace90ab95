import { gumbelOf, noiseBits, noiseKey } from '../../shared/inference/gumbel.ts'

/** How far below the choice the wrong token lies, in logit units: in fp32 a ten-thousandth of it is proof. */
export const WRONG_BY = 1

/**
 * The token that comes next in the order of the seeded choice, among those that lie far enough below it: the least visible error
 * that no rounding explains.
 * @param logits one row of the vocabulary
 * @param chosen the right token
 * @param position of the token in the answer
 * @returns undefined where no token lies that far below
 */
export function wrongToken(
  logits: Float32Array,
  chosen: number,
  { temperature, seed, position }: { temperature: number; seed: Uint8Array; position: number },
): number | undefined {
  const key = noiseKey(seed, position)
  const noise = new Uint32Array(2)
  const perturbed = (token: number) => {
    noiseBits(key, token, noise)
    return logits[token]! + (temperature === 0 ? 0 : temperature * gumbelOf(noise))
  }
  const limit = perturbed(chosen) - WRONG_BY
  let best: number | undefined
  let bestValue = Number.NEGATIVE_INFINITY
  for (let token = 0; token < logits.length; token++) {
    const value = perturbed(token)
    if (value > limit || value <= bestValue) continue
    best = token
    bestValue = value
  }
  return best
}
