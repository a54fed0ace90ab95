import type { Engine } from '../../shared/inference/engine.ts'
import type { Log } from '../../shared/process/logging.ts'
import { personalSeed } from '../../shared/proof/challenge-id.ts'
import { toHex } from '../../shared/proof/hash.ts'
import { isPlanted, type Plants, plantPosition } from '../../shared/proof/plants/plants.ts'
import { SKETCH_VALUES, sketchMatrix } from '../../shared/proof/sketch/matrix.ts'
import type { Whitening } from '../../shared/proof/sketch/whitening.ts'
import type { Challenge } from '../../shared/protocol/messages.ts'
import type { Answer, Answerer } from '../answerer.ts'
import { wrongToken } from './wrong-token.ts'

export interface PlantingParts {
  readonly engine: Pick<Engine, 'text' | 'model' | 'generate' | 'prefill'>
  /** This miner's public key. */
  readonly hotkey: Uint8Array
  readonly whitening: Whitening | undefined
  readonly plants: Plants
  readonly log: Log
}

/**
 * Answers honestly, except where the secret chose a challenge: there one token is wrong, and all that follows is what the model
 * writes after it. The hidden states of what is sent are honest, so nothing but a replay of that token shows it.
 */
export function plantingAnswerer(honest: Answerer, parts: PlantingParts): Answerer {
  return async (challenge, signal) => {
    const answer = await honest(challenge, signal)
    if (!isPlanted(parts.plants, challenge.id) || answer.tokens.length === 0) return answer
    const planted = await spoilAnswer(answer, challenge, signal, parts)
    const { length } = planted.tokens
    parts.log.info({ challenge: toHex(challenge.id), tokens: length }, 'wrong answer planted')
    return planted
  }
}

async function spoilAnswer(
  right: Answer,
  challenge: Challenge,
  signal: AbortSignal,
  { engine, hotkey, whitening, plants }: PlantingParts,
): Promise<Answer> {
  const seed = personalSeed(challenge.id, hotkey)
  const { temperature, maxTokens } = challenge.sampling
  const position = plantPosition(plants, challenge.id, right.tokens.length)
  const before = [...engine.text.encodePrompt(challenge.prompt), ...right.tokens.slice(0, position)]
  const { logits, vocabularySize } = await engine.prefill(before)
  const row = logits.subarray(-vocabularySize)
  const wrong = wrongToken(row, right.tokens[position]!, { temperature, seed, position })
  if (wrong === undefined) return right
  const tokens = [...right.tokens.slice(0, position), wrong]
  const sketches = right.sketches?.subarray(0, tokens.length * SKETCH_VALUES)
  const isStop = engine.model.stopTokens.includes(wrong)
  // An answer is also over where the model can hold no more.
  const room = Math.min(maxTokens - tokens.length, engine.model.contextLength - before.length - 1)
  if (isStop || room <= 0) return answerOf(engine, tokens, isStop ? 'stop' : 'length', sketches)
  const rest = await engine.generate({
    promptTokens: [...before, wrong],
    firstPosition: tokens.length,
    maxTokens: room,
    sampling: challenge.sampling,
    seed,
    signal,
    ...(whitening === undefined ? {} : { projection: sketchMatrix(challenge.id, whitening) }),
  })
  return answerOf(engine, [...tokens, ...rest.tokens], rest.finish, joined(sketches, rest.projected))
}

function answerOf(
  { text }: PlantingParts['engine'],
  tokens: readonly number[],
  finish: Answer['finish'],
  sketches: Float32Array | undefined,
): Answer {
  return { tokens, text: text.decode(tokens), finish, ...(sketches === undefined ? {} : { sketches }) }
}

function joined(head: Float32Array | undefined, tail: Float32Array | undefined): Float32Array | undefined {
  if (head === undefined || tail === undefined) return undefined
  const both = new Float32Array(head.length + tail.length)
  both.set(head)
  both.set(tail, head.length)
  return both
}
