import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnswerPiece } from '../../../shared/inference/engine.ts'
import { streamAnswer } from '../../../shared/inference/stream-answer.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'

function piecesOf(tokens: readonly number[]): AnswerPiece[] {
  const pieces: AnswerPiece[] = []
  const stream = streamAnswer(bytesCodec, (piece) => void pieces.push(piece))
  for (const token of tokens) stream.push(token)
  stream.end()
  return pieces
}

test('a character over three tokens comes whole with the last of them', () => {
  const [a, b, c] = bytesCodec.encodeText('€')
  expect(piecesOf([a!, b!, c!, 33])).toEqual([
    { tokens: [a], text: '' },
    { tokens: [b], text: '' },
    { tokens: [c], text: '€' },
    { tokens: [33], text: '!' },
  ])
})

test('a character that stays broken at the end is replaced in a last piece', () => {
  const [a] = bytesCodec.encodeText('€')
  expect(piecesOf([33, a!]).at(-1)).toEqual({ tokens: [], text: '\ufffd' })
})

test('pieces joined are the tokens and the text, whatever the tokens', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 258 }), { maxLength: 40 }), (tokens) => {
      const pieces = piecesOf(tokens)
      expect(pieces.flatMap((piece) => piece.tokens)).toEqual(tokens)
      expect(pieces.map(({ text }) => text).join('')).toBe(bytesCodec.decode(tokens))
    }),
  )
})
