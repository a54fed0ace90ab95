import type { Backend } from '../shared/inference/engine.ts'
import { personalSeed } from '../shared/proof/challenge-id.ts'
import type { Finish } from '../shared/proof/commit.ts'
import { sketchMatrix } from '../shared/proof/sketch/matrix.ts'
import type { Whitening } from '../shared/proof/sketch/whitening.ts'
import type { Challenge } from '../shared/protocol/messages.ts'

export interface Answer {
  readonly tokens: readonly number[]
  /** What the tokens spell. */
  readonly text: string
  readonly finish: Finish
  /** Row-major [tokens, SKETCH_VALUES], where hidden states are to be proved. */
  readonly sketches?: Float32Array
}

/** Where a miner's answers come from: the engine, or whatever a cheat puts in its place. */
export type Answerer = (challenge: Challenge, signal: AbortSignal) => Promise<Answer>

/** What is committed to where a backend tells no token ids: the declared model's own spelling of the text. */
function spell({ text, model }: Backend, answer: Pick<Answer, 'text' | 'finish'>): number[] {
  const tokens = text.encodeText(answer.text)
  return answer.finish === 'stop' || tokens.length === 0 ? [...tokens, model.eosToken] : tokens
}

/**
 * Answers honestly: the engine's model, sampled under the miner's own seed for this challenge.
 * @param whitening of the model, where the engine shows hidden states: answers then come with their sketches
 */
export function engineAnswerer(engine: Backend, hotkey: Uint8Array, whitening?: Whitening): Answerer {
  return async (challenge, signal) => {
    const projection = whitening && sketchMatrix(challenge.id, whitening)
    const answer = await engine.generate({
      promptTokens: engine.text.encodePrompt(challenge.prompt),
      maxTokens: challenge.sampling.maxTokens,
      sampling: challenge.sampling,
      seed: personalSeed(challenge.id, hotkey),
      signal,
      ...(projection === undefined ? {} : { projection }),
    })
    const { text, finish, projected } = answer
    if (answer.tokens.length === 0) return { text, finish, tokens: spell(engine, answer) }
    return {
      text,
      finish,
      tokens: answer.tokens,
      ...(projected === undefined ? {} : { sketches: projected }),
    }
  }
}
