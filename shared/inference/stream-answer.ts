import type { AnswerPiece } from './engine.ts'
import type { TextCodec } from './text-codec.ts'

/** Turns tokens as they come into pieces of text, whose last may be what a broken character leaves behind. */
export function streamAnswer(text: TextCodec, onPiece: (piece: AnswerPiece) => void) {
  const stream = text.stream()
  return {
    push(token: number): void {
      const tokens = [token]
      onPiece({ tokens, text: stream.push(tokens) })
    },
    end(): void {
      const rest = stream.end()
      if (rest !== '') onPiece({ tokens: [], text: rest })
    },
  }
}
