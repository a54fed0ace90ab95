import type { TextStream } from '../text-codec.ts'

/** What an incomplete character decodes to. */
const BROKEN = '\ufffd'

/** Tokens decoded again with each new one: enough that a character of four bytes, one a token, lies within. */
const KEPT_TOKENS = 4
const MOST_TOKENS = 12

/**
 * Decodes tokens as they arrive by decoding a short window again and giving out what is new, so the cost of a token
 * does not grow with the text. A last U+FFFD is held back: the next token may complete it. `decode` must give a text whose
 * beginning depends on the first tokens only.
 */
export function windowStream(decode: (tokens: readonly number[]) => string): TextStream {
  let window: number[] = []
  let given = 0

  function shrink(text: string): void {
    const kept = window.slice(-KEPT_TOKENS)
    const tail = decode(kept)
    // A window must begin with text: some decoders drop a space at the beginning of everything.
    if (tail === '') return
    window = kept
    given = tail.length - (text.length - given)
  }

  return {
    push(tokens) {
      let out = ''
      for (const token of tokens) {
        window.push(token)
        const text = decode(window)
        const certain = text.endsWith(BROKEN) ? text.length - 1 : text.length
        if (certain > given) {
          out += text.slice(given, certain)
          given = certain
        }
        if (window.length > MOST_TOKENS) shrink(text)
      }
      return out
    },
    end() {
      const rest = window.length === 0 ? '' : decode(window).slice(given)
      window = []
      given = 0
      return rest
    },
  }
}
