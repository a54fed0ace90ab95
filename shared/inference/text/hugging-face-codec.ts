import { Tokenizer } from '@huggingface/tokenizers'
import { StarlingError } from '../../process/errors.ts'
import type { TextCodec } from '../text-codec.ts'
import { chatTemplate } from './chat-template.ts'
import { windowStream } from './window-stream.ts'

/** What a folder's files say about text. */
export interface TextFiles {
  /** tokenizer.json */
  readonly tokenizer: Readonly<Record<string, unknown>>
  /** tokenizer_config.json */
  readonly config: Readonly<Record<string, unknown>>
  /** chat_template.jinja, which goes before the template in the config. */
  readonly template: string | undefined
}

export interface HuggingFaceCodec extends TextCodec {
  /** One more than the highest token id. */
  readonly size: number
  /** The id of a token by its text. */
  idOf(token: string): number | undefined
}

const NAMED_TOKENS = [
  'bos_token',
  'eos_token',
  'unk_token',
  'pad_token',
  'sep_token',
  'cls_token',
  'mask_token',
]

/**
 * The codec of a Hugging Face tokenizer. As everywhere with these, a user's text that spells a special token becomes that
 * token. Throws what the libraries say of a tokenizer or template that they can't read.
 */
export function huggingFaceCodec(files: TextFiles): HuggingFaceCodec {
  const tokenizer = new Tokenizer(files.tokenizer, files.config)
  const constants = namedTokens(files.config)
  const source = files.template ?? templateOf(files.config.chat_template)
  const template = source === undefined ? undefined : chatTemplate(source, constants)
  const special = specialIds(files.tokenizer)
  const vocabulary = tokenizer.get_vocab(true)

  const encode = (text: string, addSpecialTokens: boolean) =>
    // Without a token for what it doesn't know, the library says undefined.
    tokenizer
      .encode(text, { add_special_tokens: addSpecialTokens })
      .ids.filter((id: number | undefined) => id !== undefined)
  // Some models have more rows than their tokenizer has tokens.
  const isText = (token: number) => !special.has(token) && tokenizer.id_to_token(token) !== undefined
  const decodeText = (tokens: readonly number[]) =>
    tokens.length === 0 ? '' : tokenizer.decode([...tokens], { clean_up_tokenization_spaces: false })

  return {
    size: Math.max(-1, ...vocabulary.values()) + 1,
    idOf: (token) => vocabulary.get(token),
    encodePrompt(prompt) {
      if (template !== undefined) return encode(template([{ role: 'user', content: prompt }]), false)
      return withBeginning(encode(prompt, true), files.config, vocabulary)
    },
    encodeChat(messages) {
      if (template !== undefined) return encode(template(messages), false)
      const [only] = messages
      if (messages.length === 1 && only?.role === 'user') return this.encodePrompt(only.content)
      throw new StarlingError(
        'REQUEST_INVALID',
        'this model has no chat template, so it takes one message by the user',
        'ask with a single prompt, or serve a model that was trained to chat',
      )
    },
    encodeText: (text) => encode(text, false),
    decode: (tokens) => decodeText(tokens.filter(isText)),
    stream() {
      const stream = windowStream(decodeText)
      return { push: (tokens) => stream.push(tokens.filter(isText)), end: () => stream.end() }
    },
  }
}

/** Puts the beginning-of-text token first where the config asks for it and the tokenizer's own rules did not. */
function withBeginning(
  ids: number[],
  config: TextFiles['config'],
  vocabulary: ReadonlyMap<string, number>,
): number[] {
  const beginning = vocabulary.get(namedTokens(config).bos_token ?? '')
  if (config.add_bos_token !== true || beginning === undefined || ids[0] === beginning) return ids
  return [beginning, ...ids]
}

/** A token is its text, or an object that holds it. */
function namedTokens(config: TextFiles['config']): Record<string, string> {
  const named: Record<string, string> = {}
  for (const name of NAMED_TOKENS) {
    const token = config[name]
    const text = typeof token === 'object' && token !== null && 'content' in token ? token.content : token
    if (typeof text === 'string') named[name] = text
  }
  return named
}

/** A template, or several by name, of which the default is meant. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  const named = value as { readonly name?: unknown; readonly template?: unknown }[]
  const chosen = named.find(({ name }) => name === 'default') ?? named[0]
  return typeof chosen?.template === 'string' ? chosen.template : undefined
}

function specialIds(tokenizer: TextFiles['tokenizer']): ReadonlySet<number> {
  const added = tokenizer.added_tokens
  if (!Array.isArray(added)) return new Set()
  const tokens = added as { readonly id: number; readonly special?: boolean }[]
  return new Set(tokens.filter(({ special }) => special === true).map(({ id }) => id))
}
