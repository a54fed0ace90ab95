import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ANSWER,
  BOS,
  decodeTokens,
  EOS,
  encodePrompt,
  encodeText,
  StreamDecoder,
  VOCABULARY_SIZE,
} from '../../../shared/inference/tokenizer.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })

describe('byte-level tokenizer', () => {
  test('text survives encoding and decoding', () => {
    fc.assert(fc.property(text, (value) => decodeTokens(encodeText(value)) === value))
  })

  test('a text can never spell a mark', () => {
    fc.assert(fc.property(text, (value) => encodeText(value).every((token) => token < BOS)))
    expect(encodePrompt('hi')).toEqual([BOS, 104, 105, ANSWER])
  })

  test('streaming gives the same text wherever it is cut, and never half a character', () => {
    fc.assert(
      fc.property(text, fc.nat(), (value, cut) => {
        const tokens = encodeText(value)
        const decoder = new StreamDecoder()
        const first = decoder.push(tokens.slice(0, cut % (tokens.length + 1)))
        expect(first).not.toContain('\ufffd')
        expect(first + decoder.push(tokens.slice(cut % (tokens.length + 1))) + decoder.end()).toBe(value)
      }),
    )
  })

  test('any token sequence decodes to well-formed text', () => {
    const tokens = fc.array(fc.nat(VOCABULARY_SIZE + 5))
    fc.assert(fc.property(tokens, (value) => encodeText(decodeTokens(value)).length >= 0))
    expect(decodeTokens([0xe2, 0x82, EOS])).toBe('\ufffd')
    expect(decodeTokens([BOS, 104, 105, EOS])).toBe('hi')
  })
})
