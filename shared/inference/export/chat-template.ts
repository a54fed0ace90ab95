/** Names of the marks in tokenizers that know special tokens by text. A text that holds one reads as the mark there. */
export const MARK_NAMES = { bos: '<|bos|>', eos: '<|eos|>', answer: '<|answer|>' } as const

/**
 * Jinja template that lays turns out as `encodeChat` does: what was asked, joined by newlines, between BOS and ANSWER, and an
 * EOS after each answer. With `add_generation_prompt` the last turn is opened for the model.
 */
export const CHAT_TEMPLATE = [
  "{%- set turn = namespace(asked='', empty=true) -%}",
  '{%- for message in messages -%}',
  "{%- if message['role'] == 'assistant' -%}",
  `{{- '${MARK_NAMES.bos}' + turn.asked + '${MARK_NAMES.answer}' + message['content'] + '${MARK_NAMES.eos}' -}}`,
  "{%- set turn.asked = '' -%}",
  '{%- set turn.empty = true -%}',
  '{%- else -%}',
  "{%- set turn.asked = message['content'] if turn.empty else turn.asked + '\\n' + message['content'] -%}",
  '{%- set turn.empty = false -%}',
  '{%- endif -%}',
  '{%- endfor -%}',
  '{%- if add_generation_prompt -%}',
  `{{- '${MARK_NAMES.bos}' + turn.asked + '${MARK_NAMES.answer}' -}}`,
  '{%- elif not turn.empty -%}',
  `{{- '${MARK_NAMES.bos}' + turn.asked -}}`,
  '{%- endif -%}',
].join('')
