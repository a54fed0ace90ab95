import { Template } from '@huggingface/jinja'
import { Tokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BYTE_ALPHABET } from '../../../shared/inference/export/byte-alphabet.ts'
import { CHAT_TEMPLATE, MARK_NAMES } from '../../../shared/inference/export/chat-template.ts'
import { tokenizerConfig, tokenizerJson } from '../../../shared/inference/export/tokenizer-files.ts'
import type { ChatMessage } from '../../../shared/inference/text-codec.ts'
import {
  decodeTokens,
  EOS,
  encodeChat,
  encodePrompt,
  encodeText,
} from '../../../shared/inference/tokenizer.ts'

const tokenizer = new Tokenizer(tokenizerJson(), tokenizerConfig(512))
const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(' ', '  ', '\n', '\t', "don't", 'Ġ', 'Ā', '<|', 'é', '你', '🦊', '\ud83e', '\udd8a'),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
)
const message: fc.Arbitrary<ChatMessage> = fc.record({
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
  content: text,
})

describe('exported tokenizer', () => {
  test('the byte alphabet is GPT-2’s', () => {
    expect(new Set(BYTE_ALPHABET).size).toBe(256)
    const [space, newline, letter, del, softHyphen] = [0x20, 0x0a, 0x41, 0x7f, 0xad].map(
      (i) => BYTE_ALPHABET[i],
    )
    expect([space, newline, letter, del, softHyphen]).toEqual(['Ġ', 'Ċ', 'A', 'ġ', 'Ń'])
  })

  test('gives the ids of our own tokenizer, and the text back', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(encode(value)).toEqual(encodeText(value))
        expect(encode(`${MARK_NAMES.bos}${value}${MARK_NAMES.answer}`)).toEqual(encodePrompt(value))
        const answer = [...encodeText(value), EOS]
        if (value !== '') {
          expect(tokenizer.decode(answer, { skip_special_tokens: true })).toBe(decodeTokens(answer))
        }
      }),
    )
  })

  test('its chat template lays turns out as our own tokenizer does', () => {
    const template = new Template(CHAT_TEMPLATE)
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), (messages) => {
        const prompt = template.render({ messages, add_generation_prompt: true })
        expect(encode(prompt)).toEqual(encodeChat(messages))
      }),
    )
    const asked: ChatMessage[] = [{ role: 'user', content: 'hi' }]
    expect(template.render({ messages: asked })).toBe(`${MARK_NAMES.bos}hi`)
    const answered: ChatMessage[] = [...asked, { role: 'assistant', content: 'ho' }]
    expect(template.render({ messages: answered })).toBe('<|bos|>hi<|answer|>ho<|eos|>')
  })
})
