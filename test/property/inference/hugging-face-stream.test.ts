import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { huggingFaceCodec } from '../../../shared/inference/text/hugging-face-codec.ts'
import { windowStream } from '../../../shared/inference/text/window-stream.ts'
import { byteFallbackFiles, byteLevelFiles } from '../../support/inference/tokenizers.ts'

/** Half of a character. */
const LONE_SURROGATE = /\p{Surrogate}/u

const codecs = [
  ['byte-level', huggingFaceCodec(byteLevelFiles())],
  ['byte-fallback', huggingFaceCodec(byteFallbackFiles())],
] as const

describe.each(codecs)('the %s codec', (_, codec) => {
  // Mostly any ids, so mostly broken UTF-8; now and then a text, which the rest may break into.
  const any = fc.array(fc.nat(codec.size + 3), { minLength: 1, maxLength: 6 })
  const spelt = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => codec.encodeText(text))
  const tokensOf = fc.array(fc.oneof(any, spelt), { maxLength: 12 }).map((parts) => parts.flat())
  const cutsOf = fc.array(fc.nat(4), { maxLength: 60 })

  test('streams pieces that joined are what it decodes, without a broken character', () => {
    fc.assert(
      fc.property(tokensOf, cutsOf, (tokens, cuts) => {
        const stream = codec.stream()
        const pieces: string[] = []
        let at = 0
        for (const cut of cuts) {
          pieces.push(stream.push(tokens.slice(at, at + cut)))
          at += cut
        }
        pieces.push(stream.push(tokens.slice(at)))
        pieces.push(stream.end())
        expect(pieces.join('')).toBe(codec.decode(tokens))
        for (const piece of pieces) expect(piece).not.toMatch(LONE_SURROGATE)
      }),
      { numRuns: 500 },
    )
  })

  test('gives text back that it encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!LONE_SURROGATE.test(text) && !/[▁\ufeff]/.test(text))
        expect(codec.decode(codec.encodeText(text))).toBe(text)
      }),
    )
  })
})

test('a character of four tokens comes out whole with the fourth, and everything else at once', () => {
  const codec = huggingFaceCodec(byteLevelFiles())
  const stream = codec.stream()
  const bytes = [0x61, 0xe2, 0x82, 0xac, 0x62]
  expect(bytes.map((byte) => stream.push([byte]))).toEqual(['a', '', '', '€', 'b'])
  expect(stream.push([0xf0])).toBe('')
  expect(stream.end()).toBe('\ufffd')
})

test('tokens without text do not make a window lose the space that follows them', () => {
  const words = ['', ' ', 'a']
  const stream = windowStream((tokens) =>
    tokens
      .map((token) => words[token])
      .join('')
      .replace(/^ /, ''),
  )
  const silence = new Array<number>(40).fill(0)
  expect(stream.push([2, ...silence, 1, 2]) + stream.end()).toBe('a a')
})
