import { tokenizerConfig, tokenizerJson } from '../../../shared/inference/export/tokenizer-files.ts'
import type { TextFiles } from '../../../shared/inference/text/hugging-face-codec.ts'

type Json = Record<string, unknown>

function special(id: number, content: string): Json {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
}

/** A token for each byte and some for parts of words, of which some end in the middle of a character. */
export function byteLevelFiles(): TextFiles {
  const json = structuredClone(tokenizerJson()) as {
    model: { vocab: Record<string, number>; merges: string[] }
  }
  const { vocab } = json.model
  const characters = Object.keys(vocab)
  const spelt = (...bytes: readonly number[]) => bytes.map((byte) => characters[byte]!)
  const merged = [
    spelt(0x68, 0x69),
    spelt(0x20, 0x61),
    spelt(0xf0, 0x9f),
    spelt(0x41, 0xc3),
    spelt(0xc3, 0xa9),
  ]
  for (const [i, parts] of merged.entries()) {
    vocab[parts.join('')] = 259 + i
    json.model.merges.push(parts.join(' '))
  }
  const { chat_template: _, ...config } = tokenizerConfig(256) as Json
  return { tokenizer: json as Json, config, template: undefined }
}

/** As Llama's first tokenizers: pieces with ▁ for a space, and tokens for bytes where no piece fits. */
export function byteFallbackFiles(): TextFiles {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  const pieces = ['<unk>', '<s>', '</s>', ...bytes, '▁', 'a', 'b', '▁a', 'ab', 'é', '\ufffd']
  return {
    tokenizer: {
      version: '1.0',
      added_tokens: [special(0, '<unk>'), special(1, '<s>'), special(2, '</s>')],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      pre_tokenizer: null,
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [],
        special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
      },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: {
        type: 'BPE',
        unk_token: '<unk>',
        fuse_unk: true,
        byte_fallback: true,
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
        merges: ['▁ a', 'a b'],
      },
    },
    config: { bos_token: '<s>', eos_token: { content: '</s>' }, unk_token: '<unk>', add_bos_token: true },
    template: undefined,
  }
}
