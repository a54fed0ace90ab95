import { z } from 'zod'

/** What one reply, or one event of a stream, says, whichever path it came from. */
export interface Delta {
  readonly text: string
  readonly ids: readonly number[]
  /** ln p at temperature 1 of the tokens in this delta; null for the first token of an echoed prompt. */
  readonly logProbs: readonly (number | null)[]
  readonly finish: 'stop' | 'length' | undefined
  readonly usage: { readonly prompt: number; readonly answer: number } | undefined
}

const id = z.int().nonnegative()
const ids = z.array(id)

const logprobs = z.object({
  // The completions API's own form.
  tokens: z.array(z.string()).nullish(),
  token_logprobs: z.array(z.number().nullable()).nullish(),
  // The chat API's form, which llama.cpp and Ollama use everywhere; the id is llama.cpp's.
  content: z.array(z.object({ id: id.optional(), logprob: z.number() })).nullish(),
})

const choice = z.object({
  text: z.string().nullish(),
  delta: z.object({ content: z.string().nullish() }).nullish(),
  message: z.object({ content: z.string().nullish() }).nullish(),
  token_ids: ids.nullish(),
  logprobs: logprobs.nullish(),
  finish_reason: z.string().nullish(),
})

/** /v1/completions and /v1/chat/completions, whole or an event of a stream. */
const reply = z.object({
  choices: z.array(choice).max(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
})

/** llama.cpp's /completion. */
const nativeReply = z.object({
  content: z.string(),
  tokens: ids,
  stop_type: z.string(),
  tokens_predicted: z.int(),
  tokens_evaluated: z.int(),
})

/** Undefined where the JSON isn't such a reply. */
export function readReply(json: unknown): Delta | undefined {
  const parsed = reply.safeParse(json)
  if (!parsed.success) return undefined
  const [first] = parsed.data.choices
  const { usage } = parsed.data
  const told = first?.logprobs
  return {
    text: first?.text ?? first?.delta?.content ?? first?.message?.content ?? '',
    ids: first?.token_ids ?? idsOf(told),
    logProbs: told?.token_logprobs ?? told?.content?.map(({ logprob }) => logprob) ?? [],
    finish: finishOf(first?.finish_reason),
    usage: usage ? { prompt: usage.prompt_tokens, answer: usage.completion_tokens } : undefined,
  }
}

/** Undefined where the JSON isn't a reply of llama.cpp's own path. */
export function readNativeReply(json: unknown): Delta | undefined {
  const parsed = nativeReply.safeParse(json)
  if (!parsed.success) return undefined
  const { content, tokens, stop_type, tokens_predicted, tokens_evaluated } = parsed.data
  return {
    text: content,
    ids: tokens,
    logProbs: [],
    finish: stop_type === 'limit' ? 'length' : 'stop',
    usage: { prompt: tokens_evaluated, answer: tokens_predicted },
  }
}

/** Ids told with the log-probabilities: llama.cpp's field, or vLLM's `token_id:7` in place of the token's text. */
function idsOf(told: z.infer<typeof logprobs> | null | undefined): readonly number[] {
  const found =
    told?.content?.map((token) => token.id) ??
    told?.tokens?.map((token) => {
      const [, digits] = /^token_id:(\d+)$/.exec(token) ?? []
      return digits === undefined ? undefined : Number(digits)
    }) ??
    []
  return found.every((token) => token !== undefined) ? found : []
}

/** TGI says `eos_token` and `stop_sequence` for stop. */
function finishOf(reason: string | null | undefined): Delta['finish'] {
  if (reason === null || reason === undefined || reason === '') return undefined
  return reason === 'length' ? 'length' : 'stop'
}
