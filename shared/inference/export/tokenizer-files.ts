import { ANSWER, BOS, EOS } from '../tokenizer.ts'
import { BYTE_ALPHABET } from './byte-alphabet.ts'
import { CHAT_TEMPLATE, MARK_NAMES } from './chat-template.ts'
import { type ExportedFile, jsonFile } from './files.ts'

/**
 * `tokenizer.json` and `tokenizer_config.json`: a byte-level BPE without merges, so that a token is a byte, and our marks as
 * special tokens.
 */
export function tokenizerFiles(contextLength: number): ExportedFile[] {
  return [
    jsonFile('tokenizer.json', tokenizerJson()),
    jsonFile('tokenizer_config.json', tokenizerConfig(contextLength)),
  ]
}

export function tokenizerJson(): object {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      addedToken(BOS, MARK_NAMES.bos),
      addedToken(EOS, MARK_NAMES.eos),
      addedToken(ANSWER, MARK_NAMES.answer),
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(BYTE_ALPHABET.map((character, byte) => [character, byte])),
      merges: [],
    },
  }
}

export function tokenizerConfig(contextLength: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: MARK_NAMES.bos,
    eos_token: MARK_NAMES.eos,
    // Only ever masked out, so that any token would do.
    pad_token: MARK_NAMES.eos,
    additional_special_tokens: [MARK_NAMES.answer],
    add_bos_token: false,
    add_eos_token: false,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
    padding_side: 'left',
    chat_template: CHAT_TEMPLATE,
  }
}

function addedToken(id: number, content: string): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
}
