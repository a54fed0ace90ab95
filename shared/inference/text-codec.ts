export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** Text to tokens and back, as one model wants them. */
export interface TextCodec {
  /** What the model is asked with: a single user message, laid out as the model was trained to read it. */
  encodePrompt(prompt: string): number[]
  /** Several turns, up to where the model is to answer. */
  encodeChat(messages: readonly ChatMessage[]): number[]
  /** Bare text without any mark. */
  encodeText(text: string): number[]
  /** Text of an answer: marks are dropped, broken UTF-8 becomes U+FFFD. */
  decode(tokens: readonly number[]): string
  /** Decodes tokens as they arrive; what comes out, joined, is what `decode` gives for all of them. */
  stream(): TextStream
}

export interface TextStream {
  /** Text that is certain so far: a character split between two pushes comes out whole with the second. */
  push(tokens: readonly number[]): string
  end(): string
}
