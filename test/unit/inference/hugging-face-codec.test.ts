import { describe, expect, test } from 'vitest'
import { tokenizerConfig, tokenizerJson } from '../../../shared/inference/export/tokenizer-files.ts'
import { chatTemplate } from '../../../shared/inference/text/chat-template.ts'
import { huggingFaceCodec } from '../../../shared/inference/text/hugging-face-codec.ts'
import { encodeChat, encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { byteFallbackFiles } from '../../support/inference/tokenizers.ts'

const CHATML = `{{ bos_token }}{% for message in messages %}<|{{ message.role }}|>{{ message['content'] | trim }}
{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`

const user = (content: string) => [{ role: 'user' as const, content }]

describe('a chat template', () => {
  test('lays turns out up to the answer', () => {
    const template = chatTemplate(CHATML, { bos_token: '<s>' })
    expect(template([{ role: 'system', content: 'be brief' }, ...user(' hi ')])).toBe(
      '<s><|system|>be brief\n<|user|>hi\n<|assistant|>',
    )
  })

  test('gets no tools and no date', () => {
    const source =
      '{{ tools is none }} {{ documents is none }} {{ strftime_now is defined }} {{ tools is defined }}'
    expect(chatTemplate(source, {})(user('x'))).toBe('true true false true')
  })

  test.each([
    [
      'turns that it refuses by itself',
      "{{ raise_exception('roles must alternate') }}",
      /roles must alternate/,
    ],
    ['loops without end', loops(6), /timed out/],
    ['a range without end', '{% for i in range(10 ** 12) %}x{% endfor %}', /counts to more/],
    ['a text that doubles', doubling(26), /more than \d+ characters/],
    ['a text beyond all bounds', doubling(60), /string length/],
    ['a function that is not there', '{{ process.exit() }}', /Undefined|undefined|function/],
  ])('that has %s is REQUEST_INVALID, in one line', (_, source, why) => {
    const template = chatTemplate(source, {})
    expect(() => template(user('x'))).toThrow(
      expect.toSatisfy((error) => hasCode(error, 'REQUEST_INVALID') && why.test((error as Error).message)),
    )
  })
})

function loops(depth: number): string {
  return `${'{% for i in range(9999) %}'.repeat(depth)}x${'{% endfor %}'.repeat(depth)}`
}

function doubling(times: number): string {
  return `{% set own = namespace(text='ab') %}{% for i in range(${times}) %}{% set own.text = own.text ~ own.text %}{% endfor %}{{ own.text }}`
}

describe('the codec of a folder', () => {
  const files = {
    tokenizer: tokenizerJson() as Record<string, unknown>,
    config: tokenizerConfig(256) as Record<string, unknown>,
    template: undefined,
  }

  test('reads our own layout out of its files', () => {
    const codec = huggingFaceCodec(files)
    expect(codec.encodePrompt('añ')).toEqual(encodePrompt('añ'))
    const turns = [...user('a'), { role: 'assistant' as const, content: 'b' }, ...user('c')]
    expect(codec.encodeChat(turns)).toEqual(encodeChat(turns))
    expect(codec.decode([256, 104, 105, 257, 258])).toBe('hi')
    expect(codec.size).toBe(259)
  })

  test('takes the template of its own file before that of the config', () => {
    const codec = huggingFaceCodec({ ...files, template: 'Q: {{ messages[0].content }}' })
    expect(codec.decode(codec.encodePrompt('x'))).toBe('Q: x')
  })

  test('takes the default of several templates', () => {
    const templates = [
      { name: 'tool_use', template: 'no' },
      { name: 'default', template: '{{ messages[0].content }}!' },
    ]
    const codec = huggingFaceCodec({ ...files, config: { ...files.config, chat_template: templates } })
    expect(codec.decode(codec.encodePrompt('x'))).toBe('x!')
  })

  test('puts the beginning of text first, once, where there is no template', () => {
    const codec = huggingFaceCodec(byteFallbackFiles())
    const [bos, ...rest] = codec.encodePrompt('ab')
    expect(bos).toBe(codec.idOf('<s>'))
    expect(rest).toEqual(codec.encodeText('ab'))
    const { post_processor: _, ...bare } = byteFallbackFiles().tokenizer
    const configured = huggingFaceCodec({
      ...byteFallbackFiles(),
      tokenizer: { ...bare, post_processor: null },
    })
    expect(configured.encodePrompt('ab')).toEqual([bos, ...rest])
  })

  test('without a template takes one message of the user only', () => {
    const codec = huggingFaceCodec(byteFallbackFiles())
    expect(codec.encodeChat(user('ab'))).toEqual(codec.encodePrompt('ab'))
    expect(() => codec.encodeChat([...user('a'), ...user('b')])).toThrow(/no chat template/)
  })

  test('drops ids that its tokenizer does not have', () => {
    const codec = huggingFaceCodec(files)
    expect(codec.decode([104, 5000, 105])).toBe('hi')
    expect(codec.decode([])).toBe('')
    expect(codec.decode([5000])).toBe('')
  })
})
