import type { GenerateRequest } from '../../../shared/inference/engine.ts'
import { below, type Random } from '../../../shared/inference/random.ts'
import { ANSWER, BOS } from '../../../shared/inference/tokenizer.ts'

/** The job that speeds are compared on: tokens of the prompt, and of the answer. */
export const PROMPT_TOKENS = 64
export const NEW_TOKENS = 200

/** A prompt of `length` tokens (at least 1), most of them lower-case letters. */
export function drawPrompt(random: Random, length: number): number[] {
  const letters = Array.from({ length: Math.max(0, length - 2) }, () => 97 + below(random, 26))
  return [BOS, ...letters, ANSWER].slice(0, length)
}

/** A request at temperature 1 with noise of its own. */
export function drawRequest(
  random: Random,
  promptTokens = PROMPT_TOKENS,
  maxTokens = NEW_TOKENS,
  temperature = 1,
): GenerateRequest {
  return {
    promptTokens: drawPrompt(random, promptTokens),
    maxTokens,
    sampling: { temperature, topK: 0, topP: 1 },
    seed: Uint8Array.from({ length: 32 }, () => below(random, 256)),
  }
}
