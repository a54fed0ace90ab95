import type { Backend, Engine } from '../shared/inference/engine.ts'
import { verdictSlots } from '../shared/judging/verdict-slots.ts'
import { atMost } from '../shared/process/at-most.ts'
import { StarlingError } from '../shared/process/errors.ts'
import type { Given } from '../shared/proof/verdict.ts'
import type { Judge } from '../shared/protocol/messages.ts'

/** Gives on every answer to a prompt what the validator asks for. @throws StarlingError CANNOT_JUDGE, BUSY */
export type AnswerJudge = (request: Omit<Judge, 'deadlineMs'>, signal?: AbortSignal) => Promise<Given>

/** As many as an engine decodes together. A round's fields come all at once, and would fill its queue. */
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
  const inTurn = atMost(VERDICTS_AT_ONCE)
  return async ({ id, prompt, answers, temperature, maxTokens }, signal) => {
    const failed = new AbortController()
    const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
    const slots = verdictSlots({ id, judge: key, prompt, answers })
    const sampling = { temperature, topK: 0, topP: 1 }
    const write = async (asked: string, seed: Uint8Array) => {
      stop.throwIfAborted()
      const promptTokens = text.encodePrompt(asked)
      const { tokens } = await generate({ promptTokens, maxTokens, sampling, seed, signal: stop })
      if (tokens.length === 0) throw cannotJudge(`${model.executionClass} tells no tokens`)
      return [...tokens]
    }
    try {
      const verdicts = await Promise.all(
        slots.map(({ prompt: asked, seed }) => (asked === undefined ? [] : inTurn(() => write(asked, seed)))),
      )
      return { method: 'prompted', verdicts }
    } catch (error) {
      // One verdict that is missing makes the others worthless.
      failed.abort()
      throw error
    }
  }
}

export function cannotJudge(why: string): StarlingError {
  return new StarlingError('CANNOT_JUDGE', why)
}
