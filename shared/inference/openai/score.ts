import { hasCode } from '../../process/errors.ts'
import type { ScoreRequest } from '../engine.ts'
import { malformed } from './errors.ts'
import { hearWhole } from './listen.ts'
import type { Ask } from './request-body.ts'
import type { Server } from './server.ts'

/**
 * Σ ln p(token) at temperature 1: the server reads prompt and answer as one prompt, and echoes it with the
 * log-probabilities. vLLM and SGLang do; others ignore `echo`.
 */
export async function scoreByEcho(
  server: Server,
  model: string,
  { promptTokens, tokens }: ScoreRequest,
  signal: AbortSignal,
): Promise<{ readonly logProb: number }> {
  const { logProbs } = await hearWhole(server, echo(model, [...promptTokens, ...tokens]), signal)
  const scored = logProbs.slice(promptTokens.length, promptTokens.length + tokens.length)
  let logProb = 0
  for (const value of scored) {
    if (value === null) throw malformed(server.url, 'left out log-probabilities of a prompt')
    logProb += value
  }
  if (scored.length < tokens.length) throw malformed(server.url, 'left out log-probabilities of a prompt')
  return { logProb }
}

/** Whether a server echoes the log-probabilities of all tokens of a prompt. */
export async function canScore(
  server: Server,
  model: string,
  tokens: readonly number[],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { logProbs } = await hearWhole(server, echo(model, tokens), signal)
    return logProbs.length >= tokens.length && logProbs.slice(1).every((value) => value !== null)
  } catch (error) {
    if (hasCode(error, 'REQUEST_INVALID') || hasCode(error, 'BACKEND_FAILED')) return false
    throw error
  }
}

function echo(model: string, prompt: readonly number[]): Ask {
  // One token more is the least that all of them take.
  const body = { model, prompt, max_tokens: 1, temperature: 1, echo: true, logprobs: 1, stream: false }
  return { path: '/v1/completions', body }
}
