import type { TextCodec } from '../text-codec.ts'
import { decodeTokens, encodeChat, encodePrompt, encodeText, StreamDecoder } from '../tokenizer.ts'

/** The codec of our own models. */
export const bytesCodec: TextCodec = {
  encodePrompt,
  encodeChat,
  encodeText,
  decode: decodeTokens,
  stream: () => new StreamDecoder(),
}
