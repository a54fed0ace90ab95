import type { Backend, Engine } from '../shared/inference/engine.ts'
import { verdictSlots } from '../shared/judging/verdict-slots.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { mapAtMost } from '../shared/process/map-at-most.ts'
import type { Judge, Verdict } from '../shared/protocol/messages.ts'

/** Gives on every answer to a prompt what the validator asks for. @throws StarlingError CANNOT_JUDGE, BUSY */
export type AnswerJudge = (request: Judge, signal?: AbortSignal) => Promise<Verdict['given']>

/** Fewer than an engine's queue holds, so that one field never fills it; as many as a batch decodes together. */
const VERDICTS_AT_ONCE = 16

/**
 * Judges by likelihood: the mean log-probability a token that the miner's own model gives the answer. The mean, because
 * the sum would prefer whatever is shorter.
 */
export function likelihoodJudge(engine: Pick<Engine, 'model' | 'text' | 'score'>): AnswerJudge {
  return async (request) => {
    const promptTokens = engine.text.encodePrompt(request.prompt)
    const scores = await Promise.all(
      request.answers.map(async (answer) => {
        const tokens = [...engine.text.encodeText(answer), engine.model.eosToken]
        const { logProb } = await engine.score({ promptTokens, tokens })
        return logProb / tokens.length
      }),
    )
    return { method: 'likelihood', scores }
  }
}

/**
 * Judges by reading: for every pair of the schedule the model writes down which answer is right, and why, under a seed of judge,
 * challenge and pair, so that whoever holds the model can replay it. Of two answers that settle it by themselves,
 * see `verdictSlots`, there is a verdict without tokens.
 * @param key the judge's public key
 */
export function promptedJudge(
  { model, text, generate }: Pick<Backend, 'model' | 'text' | 'generate'>,
  key: Uint8Array,
): AnswerJudge {
  return async ({ id, prompt, answers, temperature, maxTokens }, signal) => {
    const slots = verdictSlots({ id, judge: key, prompt, answers })
    const sampling = { temperature, topK: 0, topP: 1 }
    const verdicts = await mapAtMost(VERDICTS_AT_ONCE, slots, async (slot) => {
      if (slot.prompt === undefined) return []
      const promptTokens = text.encodePrompt(slot.prompt)
      const asked = { promptTokens, maxTokens, sampling, seed: slot.seed }
      const { tokens } = await generate({ ...asked, ...(signal !== undefined && { signal }) })
      if (tokens.length === 0) throw cannotJudge(`${model.executionClass} tells no tokens`)
      return [...tokens]
    })
    return { method: 'prompted', verdicts }
  }
}

export function cannotJudge(why: string): StarlingError {
  return new StarlingError('CANNOT_JUDGE', why)
}
