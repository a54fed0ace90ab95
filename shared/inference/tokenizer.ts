import type { ChatMessage } from './text-codec.ts'

/**
 * Byte-level vocabulary: ids 0 to 255 are UTF-8 bytes, then three marks that no text can spell, so a prompt cannot
 * fake the start of an answer.
 */
export const BOS = 256
export const EOS = 257
/** Ends the prompt and opens the answer. */
export const ANSWER = 258
export const VOCABULARY_SIZE = 259

const encoder = new TextEncoder()

/** The UTF-8 bytes of a text; lone surrogates become U+FFFD, as TextEncoder does. */
export function encodeText(text: string): number[] {
  return Array.from(encoder.encode(text))
}

/** What the model is prompted with: BOS, the prompt's bytes, ANSWER. */
export function encodePrompt(prompt: string): number[] {
  return [BOS, ...encodeText(prompt), ANSWER]
}

/**
 * Several turns: each is BOS, what was asked, ANSWER, what was answered, EOS; the last stays open for the model to answer.
 * A system message is read as the beginning of the user's text that follows.
 */
export function encodeChat(messages: readonly ChatMessage[]): number[] {
  const tokens: number[] = []
  let asked: string[] = []
  const ask = () => {
    tokens.push(...encodePrompt(asked.join('\n')))
    asked = []
  }
  for (const { role, content } of messages) {
    if (role !== 'assistant') {
      asked.push(content)
      continue
    }
    ask()
    tokens.push(...encodeText(content), EOS)
  }
  ask()
  return tokens
}

/** Text of an answer: marks are dropped, ids outside the vocabulary too, and broken UTF-8 becomes U+FFFD. */
export function decodeTokens(tokens: readonly number[]): string {
  const decoder = new StreamDecoder()
  return decoder.push(tokens) + decoder.end()
}

/** Decodes tokens as they arrive; a character split between two pushes comes out whole with the second. */
export class StreamDecoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  push(tokens: readonly number[]): string {
    const bytes = tokens.filter((token) => token >= 0 && token < BOS)
    return this.#decoder.decode(Uint8Array.from(bytes), { stream: true })
  }

  end(): string {
    return this.#decoder.decode()
  }
}
