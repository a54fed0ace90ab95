import type { GenerateRequest } from '../engine.ts'
import type { ChatMessage } from '../text-codec.ts'
import type { Flavour, JsonObject, PromptForm } from './flavours.ts'

/** What to ask a server for, in the words of the path that it is asked on. */
export interface Ask {
  readonly path: string
  readonly body: JsonObject
}

export interface Prompt {
  readonly tokens: readonly number[]
  /** The turns that the tokens were made of. */
  readonly messages: readonly ChatMessage[]
}

type Wanted = Pick<GenerateRequest, 'maxTokens' | 'sampling' | 'seed'>

/** An answer on the OpenAI-compatible paths. */
export function askFor(
  flavour: Flavour,
  model: string,
  form: PromptForm,
  prompt: Prompt,
  wanted: Wanted,
  stream: boolean,
): Ask {
  const isChat = form === 'chat'
  return {
    path: isChat ? '/v1/chat/completions' : '/v1/completions',
    body: {
      model,
      ...(isChat
        ? { messages: prompt.messages, logprobs: true, top_logprobs: 1 }
        : { prompt: form === 'ids' ? prompt.tokens : textOf(prompt), logprobs: 1 }),
      max_tokens: wanted.maxTokens,
      ...sampling(flavour, wanted),
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    },
  }
}

/** A whole answer on llama.cpp's own path: the one that tells every token id. */
export function askNative(flavour: Flavour, path: string, prompt: Prompt, wanted: Wanted): Ask {
  const body = { prompt: prompt.tokens, n_predict: wanted.maxTokens, ...sampling(flavour, wanted) }
  return { path, body: { ...body, stream: false } }
}

function sampling(flavour: Flavour, { sampling: { temperature, topK, topP }, seed }: Wanted): JsonObject {
  return {
    ...flavour.fields,
    temperature,
    ...(topP === 1 && flavour.omitTopPOfOne ? {} : { top_p: topP }),
    ...(flavour.topKOff === undefined ? {} : { top_k: topK === 0 ? flavour.topKOff : topK }),
    seed: serverSeed(seed),
  }
}

/** 31 bits of ours: the most that every server takes. It makes an answer repeatable there, and proves nothing. */
function serverSeed(seed: Uint8Array): number {
  return new DataView(seed.buffer, seed.byteOffset, 4).getUint32(0) >>> 1
}

function textOf({ messages }: Prompt): string {
  return messages.map(({ content }) => content).join('\n')
}
