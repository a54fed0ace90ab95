import { describe, expect, test } from 'vitest'
import { FLAVOURS, UNKNOWN_FLAVOUR } from '../../../../shared/inference/openai/flavours.ts'
import { rememberPrompts } from '../../../../shared/inference/openai/prompts.ts'
import { askFor, askNative } from '../../../../shared/inference/openai/request-body.ts'
import { executionClass } from '../../../../shared/inference/openai/start-openai-backend.ts'
import { bytesCodec } from '../../../../shared/inference/text/bytes-codec.ts'

const flavour = (name: string) => FLAVOURS.find((known) => known.name === name) ?? UNKNOWN_FLAVOUR
const prompt = { tokens: [1, 2], messages: [{ role: 'user', content: 'Hi' }] } as const
const wanted = {
  maxTokens: 9,
  sampling: { temperature: 0.5, topK: 0, topP: 1 },
  seed: new Uint8Array(32).fill(255),
}

describe('askFor', () => {
  test('says in each server’s words that top-k and top-p are off', () => {
    const body = (name: string) => askFor(flavour(name), 'm', 'ids', prompt, wanted, false).body
    expect(body('vllm')).toMatchObject({ top_k: -1, top_p: 1, min_p: 0, repetition_penalty: 1 })
    expect(body('llama.cpp')).toMatchObject({ top_k: 0, samplers: ['top_k', 'temperature', 'top_p'] })
    expect(body('tgi')).not.toHaveProperty('top_p')
    expect(Object.keys(body('unknown')).sort()).toEqual(
      ['logprobs', 'max_tokens', 'model', 'prompt', 'seed', 'stream', 'temperature', 'top_p'].sort(),
    )
  })

  test('lays the prompt out for its path, with a seed that every server takes', () => {
    const ids = askFor(UNKNOWN_FLAVOUR, 'm', 'ids', prompt, wanted, true)
    expect(ids).toMatchObject({ path: '/v1/completions', body: { prompt: [1, 2], logprobs: 1 } })
    expect(ids.body).toMatchObject({ seed: 0x7fffffff, stream_options: { include_usage: true } })
    expect(askFor(UNKNOWN_FLAVOUR, 'm', 'text', prompt, wanted, false).body.prompt).toBe('Hi')
    const chat = askFor(UNKNOWN_FLAVOUR, 'm', 'chat', prompt, wanted, false)
    expect(chat).toMatchObject({
      path: '/v1/chat/completions',
      body: { messages: prompt.messages, logprobs: true },
    })
    expect(chat.body).not.toHaveProperty('prompt')
    expect(askNative(flavour('llama.cpp'), '/completion', prompt, wanted).body).toMatchObject({
      prompt: [1, 2],
      n_predict: 9,
      return_tokens: true,
      stream: false,
    })
  })
})

test('a prompt’s messages are remembered with its tokens, and spelled where they come from elsewhere', () => {
  const { text, recall } = rememberPrompts(bytesCodec)
  const turns = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ] as const
  expect(recall(text.encodeChat(turns)).messages).toEqual(turns)
  expect(recall(text.encodePrompt('Hi')).messages).toEqual([{ role: 'user', content: 'Hi' }])
  expect(recall(bytesCodec.encodePrompt('Hi'))).toEqual({
    tokens: bytesCodec.encodePrompt('Hi'),
    messages: [{ role: 'user', content: 'Hi' }],
  })
})

test('an execution class is short and printable whatever a server calls its version', () => {
  expect(executionClass({ flavour: flavour('vllm'), version: '0.11.0' })).toBe('openai/vllm-0.11.0')
  expect(executionClass({ flavour: flavour('vllm'), version: undefined })).toBe('openai/vllm')
  const odd = executionClass({ flavour: flavour('vllm'), version: `1 \n\u001b[31m${'x'.repeat(99)}` })
  expect(odd).toMatch(/^[\x21-\x7e]{1,63}$/)
})
