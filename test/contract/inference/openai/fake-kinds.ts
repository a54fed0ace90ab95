import { BOS, EOS } from '../../../../shared/inference/tokenizer.ts'
import { type Body, models, type Route, sendEvents, sendJson } from './fake-server.ts'

/** What each fake answers, as tokens of the byte vocabulary. */
export const ANSWER = [...Buffer.from('né!'), EOS]
const TEXTS = ['n', '', 'é', '!', '']

/** Answers as vLLM does: every token id, and log-probabilities of an echoed prompt. */
export function fakeVllm(): Record<string, Route> {
  return {
    '/v1/models': models('vllm', 'served'),
    '/version': (_body, response) => sendJson(response, { version: '0.11.0' }),
    '/v1/completions': (body, response) => {
      const prompt = body.prompt
      if (!Array.isArray(prompt)) return sendJson(response, { error: { message: 'no ids' } }, 400)
      if (body.echo === true) return sendJson(response, vllmEcho(prompt))
      const usage = { prompt_tokens: prompt.length, completion_tokens: ANSWER.length }
      const choice = (from: number, to: number) => ({
        index: 0,
        text: TEXTS.slice(from, to).join(''),
        token_ids: ANSWER.slice(from, to),
        logprobs: { tokens: ANSWER.slice(from, to).map((id) => `token_id:${id}`), token_logprobs: [-0.5] },
        finish_reason: to === ANSWER.length ? 'stop' : null,
      })
      if (body.stream !== true) return sendJson(response, { choices: [choice(0, ANSWER.length)], usage })
      const events = ANSWER.map((_, i) => ({ choices: [choice(i, i + 1)] }))
      sendEvents(response, [...events, { choices: [], usage }])
    },
  }
}

/** ln p of token t is −t/1000. */
function vllmEcho(prompt: readonly number[]): unknown {
  const token_logprobs = [...prompt, BOS].map((token, i) => (i === 0 ? null : -token / 1000))
  return { choices: [{ text: '', logprobs: { token_logprobs }, finish_reason: 'length' }] }
}

/** Chat alone, with log-probabilities but no ids: TGI, and Ollama but for the pages that name them. */
export function fakeChat(pages: Record<string, Body>, withLogProbs = true): Record<string, Route> {
  const page = ([path, json]: [string, Body]): [string, Route] => [
    path,
    (_b, response) => sendJson(response, json),
  ]
  return {
    '/v1/models': models('somebody', 'served'),
    ...Object.fromEntries(Object.entries(pages).map(page)),
    '/v1/chat/completions': (body, response) => {
      const logprobs = withLogProbs ? { content: [{ token: 'né!', logprob: -0.5 }] } : null
      const usage = { prompt_tokens: 9, completion_tokens: 2 }
      if (body.stream !== true) {
        const message = { role: 'assistant', content: 'né!' }
        return sendJson(response, { choices: [{ message, logprobs, finish_reason: 'stop' }], usage })
      }
      sendEvents(response, [
        { choices: [{ delta: { role: 'assistant', content: null }, finish_reason: null }] },
        { choices: [{ delta: { content: 'né' }, logprobs, finish_reason: null }] },
        { choices: [{ delta: { content: '!' }, logprobs: null, finish_reason: 'stop' }], usage },
      ])
    },
  }
}
