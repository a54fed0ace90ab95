import type { ChatMessage, TextCodec } from '../text-codec.ts'
import type { Prompt } from './request-body.ts'

/** A codec that remembers what its prompts were made of, for servers that take no token ids. */
export interface PromptMemory {
  readonly text: TextCodec
  /** Tokens that come from elsewhere are taken as one user message that spells what they spell. */
  recall(tokens: readonly number[]): Prompt
}

/** Forgets a prompt with the array that holds it. */
export function rememberPrompts(codec: TextCodec): PromptMemory {
  const made = new WeakMap<readonly number[], readonly ChatMessage[]>()
  const remember = (tokens: number[], messages: readonly ChatMessage[]) => {
    made.set(tokens, messages)
    return tokens
  }
  return {
    text: {
      encodePrompt: (prompt) => remember(codec.encodePrompt(prompt), [{ role: 'user', content: prompt }]),
      encodeChat: (messages) => remember(codec.encodeChat(messages), messages),
      encodeText: (text) => codec.encodeText(text),
      decode: (tokens) => codec.decode(tokens),
      stream: () => codec.stream(),
    },
    recall: (tokens) => ({
      tokens,
      messages: made.get(tokens) ?? [{ role: 'user', content: codec.decode(tokens) }],
    }),
  }
}
