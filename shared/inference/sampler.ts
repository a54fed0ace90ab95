import { StarlingError } from '../process/errors.ts'
import { gumbelBound, gumbelOf, type NoiseKey, noiseBits, noiseKey, SEED_BYTES } from './gumbel.ts'
import { portableExp, portableLn, roughExp } from './portable-math.ts'
import { rank } from './rank.ts'

export const MAX_TOP_K = 64

export interface SamplingParams {
  /** 0 is greedy, and then topK and topP change nothing. */
  readonly temperature: number
  /** Keep the k highest logits; 0 is off, else at most 64. */
  readonly topK: number
  /** Keep the smallest set of likeliest tokens whose mass reaches this; 1 is off. */
  readonly topP: number
}

/** What a replay says about one claimed token. */
export interface TokenEvidence {
  /** Highest perturbed logit minus the claimed token's; 0 where they agree, Infinity if it did not survive. */
  readonly margin: number
  /** ln p of the claimed token under the sampling distribution. */
  readonly logProb: number
  /** The token that the replay would have chosen. */
  readonly expected: number
}

/** Throws SAMPLING_INVALID unless the parameters and the seed can be sampled with. */
export function checkSampling(params: SamplingParams, seed: Uint8Array): void {
  const { temperature, topK, topP } = params
  const invalid = (what: string, remedy: string) => new StarlingError('SAMPLING_INVALID', what, remedy)
  if (!(temperature >= 0 && temperature <= 100)) throw invalid(`temperature ${temperature}`, 'give 0 to 100')
  if (!Number.isInteger(topK) || topK < 0 || topK > MAX_TOP_K) throw invalid(`topK ${topK}`, 'give 0 to 64')
  if (!(topP > 0 && topP <= 1)) throw invalid(`topP ${topP}`, 'give more than 0 and at most 1')
  if (seed.length !== SEED_BYTES) throw invalid(`seed of ${seed.length} bytes`, `give ${SEED_BYTES} bytes`)
}

/**
 * Seeded Gumbel-max: argmax over the surviving tokens of logit + T·G, ties to the lower id, which draws from
 * softmax(logit/T) renormalised over the survivors. Every operation is portable, so equal logits give equal tokens.
 * `logits` is one row of the vocabulary; `position` counts answer tokens from 0.
 */
export function sampleToken(
  logits: Float32Array,
  params: SamplingParams,
  seed: Uint8Array,
  position: number,
): number {
  if (params.temperature === 0) return highest(logits)
  const key = noiseKey(seed, position)
  if (params.topK === 0 && params.topP === 1)
    return perturbedArgmax(logits, undefined, params.temperature, key)
  return perturbedArgmax(logits, survivors(logits, params).tokens, params.temperature, key)
}

/**
 * Judges a claimed token against the verifier's own logits. A pair of logits closer than `tolerance` may have been
 * ordered the other way by an honest prover, so tokens at the edge of top-k or top-p count as surviving when claimed,
 * and never push another token's margin up.
 */
export function replayToken(
  logits: Float32Array,
  token: number,
  params: SamplingParams,
  seed: Uint8Array,
  position: number,
  tolerance: number,
): TokenEvidence {
  const { temperature } = params
  if (temperature === 0) {
    const expected = highest(logits)
    const margin = logits[expected]! - logits[token]!
    return { margin, logProb: margin <= tolerance ? 0 : Number.NEGATIVE_INFINITY, expected }
  }
  const key = noiseKey(seed, position)
  if (params.topK === 0 && params.topP === 1) return replayAmongAll(logits, token, temperature, key)
  const kept = survivors(logits, params)
  const expected = perturbedArgmax(logits, kept.tokens, temperature, key)
  if (!survivesWithin(logits, token, params, kept, tolerance)) {
    return { margin: Number.POSITIVE_INFINITY, logProb: Number.NEGATIVE_INFINITY, expected }
  }
  const logProb = Math.min(0, (logits[token]! - kept.top) / temperature - portableLn(kept.mass))
  if (token === expected) return { margin: 0, logProb, expected }
  const certain = kept.tokens.filter((other) => survivesSurely(logits, other, params, kept, tolerance))
  const rival = certain.length === 0 ? token : perturbedArgmax(logits, certain, temperature, key)
  return { margin: marginOf(logits, rival, token, temperature, key), logProb, expected }
}

/** Where no token is cut off, nobody's survival is in doubt. */
function replayAmongAll(
  logits: Float32Array,
  token: number,
  temperature: number,
  key: NoiseKey,
): TokenEvidence {
  const top = logits[highest(logits)]!
  let mass = 0
  for (let other = 0; other < logits.length; other++) mass += roughExp((logits[other]! - top) / temperature)
  const logProb = Math.min(0, (logits[token]! - top) / temperature - portableLn(mass))
  const expected = perturbedArgmax(logits, undefined, temperature, key)
  if (token === expected) return { margin: 0, logProb, expected }
  return { margin: marginOf(logits, expected, token, temperature, key), logProb, expected }
}

function marginOf(
  logits: Float32Array,
  rival: number,
  token: number,
  temperature: number,
  key: NoiseKey,
): number {
  const margin = perturbed(logits, rival, temperature, key) - perturbed(logits, token, temperature, key)
  return Math.max(0, margin)
}

/** ln p(token) at temperature 1 over the whole vocabulary. */
export function logProbability(logits: Float32Array, token: number): number {
  const top = logits[highest(logits)]!
  let mass = 0
  for (const logit of logits) mass += portableExp(logit - top)
  return logits[token]! - top - portableLn(mass)
}

interface Survivors {
  /** Ids, in order of falling logit where topK or topP is on. */
  readonly tokens: readonly number[]
  /** The highest logit. */
  readonly top: number
  /** Σ exp((logit − top)/T) over `tokens`. */
  readonly mass: number
  /** The same sum over what top-k left, before top-p. */
  readonly massBeforeTopP: number
  /** Ids by falling logit, as far as top-k let them through, and one more where there is one. */
  readonly ranked: readonly number[]
}

function survivors(logits: Float32Array, params: SamplingParams): Survivors {
  const { temperature, topK, topP } = params
  const top = logits[highest(logits)]!
  const ranked = rank(logits, topK === 0 ? logits.length : Math.min(topK + 1, logits.length))
  const afterTopK = topK === 0 ? ranked : ranked.slice(0, topK)
  const weights = new Float64Array(afterTopK.length)
  let massBeforeTopP = 0
  for (let place = 0; place < weights.length; place++) {
    weights[place] = portableExp((logits[afterTopK[place]!]! - top) / temperature)
    massBeforeTopP += weights[place]!
  }
  let kept = 0
  let mass = 0
  for (; kept < afterTopK.length; kept++) {
    if (topP < 1 && mass >= topP * massBeforeTopP) break
    mass += weights[kept]!
  }
  return { tokens: afterTopK.slice(0, kept), top, mass, massBeforeTopP, ranked }
}

/** Could an honest prover whose logits differ within the tolerance have kept this token? */
function survivesWithin(
  logits: Float32Array,
  token: number,
  params: SamplingParams,
  kept: Survivors,
  tolerance: number,
): boolean {
  const { temperature, topK, topP } = params
  const logit = logits[token]!
  if (topK > 0 && logit < logits[kept.ranked[topK - 1] ?? token]! - tolerance) return false
  if (topP === 1) return true
  let ahead = 0
  for (const other of kept.ranked.slice(0, topK || undefined)) {
    if (logits[other]! > logit + tolerance) ahead += portableExp((logits[other]! - kept.top) / temperature)
  }
  return ahead < (topP + tolerance / temperature) * kept.massBeforeTopP
}

/** Must every honest prover whose logits differ within the tolerance have kept this token? */
function survivesSurely(
  logits: Float32Array,
  token: number,
  params: SamplingParams,
  kept: Survivors,
  tolerance: number,
): boolean {
  const { temperature, topK, topP } = params
  const logit = logits[token]!
  const firstCut = topK === 0 ? undefined : kept.ranked[topK]
  if (firstCut !== undefined && logit <= logits[firstCut]! + tolerance) return false
  if (topP === 1) return true
  let ahead = 0
  for (const other of kept.ranked) {
    if (other === token || logits[other]! < logit - tolerance) continue
    ahead += portableExp((logits[other]! - kept.top) / temperature)
  }
  return ahead < (topP - tolerance / temperature) * kept.massBeforeTopP
}

const noise = new Uint32Array(2)

function perturbed(logits: Float32Array, token: number, temperature: number, key: NoiseKey): number {
  noiseBits(key, token, noise)
  return logits[token]! + temperature * gumbelOf(noise)
}

/** Over `tokens`, or the whole vocabulary. Starts at the likeliest, so that the bound rules most others out early. */
function perturbedArgmax(
  logits: Float32Array,
  tokens: readonly number[] | undefined,
  temperature: number,
  key: NoiseKey,
): number {
  const count = tokens?.length ?? logits.length
  let best = tokens === undefined ? highest(logits) : tokens[0]!
  let bestValue = perturbed(logits, best, temperature, key)
  for (let i = 0; i < count; i++) {
    const token = tokens === undefined ? i : tokens[i]!
    noiseBits(key, token, noise)
    if (logits[token]! + temperature * gumbelBound(noise) < bestValue) continue
    const value = logits[token]! + temperature * gumbelOf(noise)
    if (value > bestValue || (value === bestValue && token < best)) {
      best = token
      bestValue = value
    }
  }
  return best
}

function highest(logits: Float32Array): number {
  let best = 0
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token
  return best
}
