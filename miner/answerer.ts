import type { Engine } from '../shared/inference/engine.ts'
import { encodePrompt } from '../shared/inference/tokenizer.ts'
import { personalSeed } from '../shared/proof/challenge-id.ts'
import type { Finish } from '../shared/proof/commit.ts'
import type { Challenge } from '../shared/protocol/messages.ts'

export interface Answer {
  readonly tokens: readonly number[]
  readonly finish: Finish
}

/** Where a miner's answers come from: the engine, or whatever a cheat puts in its place. */
export type Answerer = (challenge: Challenge, signal: AbortSignal) => Promise<Answer>

/** Answers honestly: the engine's model, sampled under the miner's own seed for this challenge. */
export function engineAnswerer(engine: Engine, hotkey: Uint8Array): Answerer {
  return (challenge, signal) =>
    engine.generate({
      promptTokens: encodePrompt(challenge.prompt),
      maxTokens: challenge.sampling.maxTokens,
      sampling: challenge.sampling,
      seed: personalSeed(challenge.id, hotkey),
      signal,
    })
}
