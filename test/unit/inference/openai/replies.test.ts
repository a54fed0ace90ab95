import { describe, expect, test } from 'vitest'
import { readNativeReply, readReply } from '../../../../shared/inference/openai/replies.ts'

describe('readReply', () => {
  test.each([
    [
      'vLLM, an event',
      {
        choices: [{ text: ' a', token_ids: [7], logprobs: { tokens: ['token_id:9'], token_logprobs: [-1] } }],
      },
      { text: ' a', ids: [7], logProbs: [-1] },
    ],
    [
      'vLLM of old, whose ids stand in for the tokens’ text',
      {
        choices: [
          { text: ' ab', logprobs: { tokens: ['token_id:7', 'token_id:8'], token_logprobs: [null, -1] } },
        ],
      },
      { text: ' ab', ids: [7, 8], logProbs: [null, -1] },
    ],
    [
      'OpenAI, without ids',
      { choices: [{ text: 'ab', logprobs: { tokens: ['a', 'token_id:8'], token_logprobs: [-1, -2] } }] },
      { text: 'ab', ids: [], logProbs: [-1, -2] },
    ],
    [
      'llama.cpp, an event',
      {
        choices: [{ text: 'a', logprobs: { content: [{ id: 97, token: 'a', bytes: [97], logprob: -0.5 }] } }],
      },
      { text: 'a', ids: [97], logProbs: [-0.5] },
    ],
    [
      'Ollama, a chat event',
      { choices: [{ delta: { content: 'a' }, logprobs: { content: [{ token: 'a', logprob: -0.5 }] } }] },
      { text: 'a', ids: [], logProbs: [-0.5] },
    ],
    [
      'a whole chat answer',
      { choices: [{ message: { content: 'a' }, finish_reason: 'length' }] },
      { text: 'a', finish: 'length' },
    ],
    ['TGI, the end', { choices: [{ text: '', finish_reason: 'eos_token' }] }, { finish: 'stop' }],
    ['an end that is none yet', { choices: [{ text: 'a', finish_reason: '' }] }, { finish: undefined }],
    [
      'the usage that follows a stream',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } },
      { text: '', usage: { prompt: 3, answer: 5 } },
    ],
  ])('%s', (_name, json, delta) => {
    expect(readReply(json)).toMatchObject(delta)
  })

  test.each([
    [null],
    [{}],
    [{ choices: [{ text: 7 }] }],
    [{ choices: [{ token_ids: [-1] }] }],
    [{ error: 'no' }],
  ])('refuses %j', (json) => {
    expect(readReply(json)).toBeUndefined()
  })
})

describe('readNativeReply', () => {
  const reply = {
    content: 'a',
    tokens: [97, 257],
    stop_type: 'eos',
    tokens_predicted: 2,
    tokens_evaluated: 9,
  }

  test('reads llama.cpp’s own path', () => {
    expect(readNativeReply(reply)).toMatchObject({ text: 'a', ids: [97, 257], finish: 'stop' })
    expect(readNativeReply({ ...reply, stop_type: 'limit' })?.finish).toBe('length')
    expect(readNativeReply({ ...reply, tokens: undefined })).toBeUndefined()
  })
})
