import type { Engine, ModelInfo } from '../inference/engine.ts'
import type { StoredSimilarity } from './calibration.ts'
import { comparedLine } from './compared-line.ts'
import { hyperplanes, simhash } from './simhash.ts'

/**
 * The SimHash of an answer to a prompt, by one model; undefined where that model can't read it: a prompt too long, a line that is empty.
 * @throws StarlingError what the engine died of
 */
export type HashAnswer = (prompt: string, text: string) => Promise<Uint8Array | undefined>

/** How answers are hashed, and by what, as an auditor must know it. */
export interface AnswerHasher {
  readonly model: Pick<ModelInfo, 'hash' | 'executionClass'>
  /** Hex of SHA-256 over the calibration. */
  readonly calibration: string
  /** What of an answer is hashed: answers with the same have the same hash. */
  readonly partOf: (text: string) => string
  readonly hash: HashAnswer
}

/** Hashes the compared line of answers: embedded after the prompt, whitened, and cut by hyperplanes. */
export function answerHasher(
  engine: Pick<Engine, 'embed' | 'model' | 'text'>,
  stored: StoredSimilarity,
): AnswerHasher {
  const planes = hyperplanes(stored.file.width)
  return {
    model: engine.model,
    calibration: stored.sha256,
    partOf: comparedLine,
    async hash(prompt, text) {
      const promptTokens = engine.text.encodePrompt(prompt)
      const room = engine.model.contextLength - promptTokens.length
      const tokens = engine.text.encodeText(comparedLine(text)).slice(0, Math.max(0, room))
      if (tokens.length === 0) return undefined
      const { embedding } = await engine.embed({ promptTokens, tokens })
      return simhash(whiten(embedding, stored), planes)
    },
  }
}

/** L⁻¹ · (embedding − mean), in float64, rounded once. @param embedding [width] */
export function whiten(
  embedding: Float32Array,
  { mean, whitening: { width, inverse } }: Pick<StoredSimilarity, 'mean' | 'whitening'>,
): Float32Array {
  const white = new Float32Array(width)
  let at = 0
  for (let i = 0; i < width; i++) {
    let sum = 0
    for (let j = 0; j <= i; j++, at++) sum += inverse[at]! * (embedding[j]! - mean[j]!)
    white[i] = sum
  }
  return white
}
