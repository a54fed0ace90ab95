import { describe, expect, test } from 'vitest'
import type { AnswerPiece } from '../../../../shared/inference/engine.ts'
import { startOpenAiBackend } from '../../../../shared/inference/openai/start-openai-backend.ts'
import { BOS, EOS, ANSWER as MARK } from '../../../../shared/inference/tokenizer.ts'
import { declared, generateOptions } from './declared.ts'
import { ANSWER, fakeChat, fakeVllm } from './fake-kinds.ts'
import { fakeServer, models, sendJson } from './fake-server.ts'

const TGI = { '/info': { router: 'text-generation-router-v3', version: '3.3.6' } }
const OLLAMA = { '/api/version': { version: '0.12.11' } }

describe('a server that tells token ids', () => {
  test('is asked with ids, and answers with all of its tokens', async () => {
    const { url, posted } = await fakeServer(fakeVllm())
    const backend = await startOpenAiBackend({ url: `${url}/v1/`, declared })
    expect(backend.detected.signals).toEqual({
      promptIds: true,
      tokenIds: true,
      logProbs: true,
      promptLogProbs: true,
    })
    expect(backend.model).toMatchObject({
      executionClass: 'openai/vllm-0.11.0',
      level: 1,
      hash: declared.info.hash,
    })

    const pieces: AnswerPiece[] = []
    const request = { ...generateOptions, promptTokens: backend.text.encodePrompt('Hi') }
    const streamed = await backend.generate({ ...request, onPiece: (piece) => pieces.push(piece) })
    expect(streamed).toEqual({ text: 'né!', tokens: ANSWER, finish: 'stop' })
    expect(pieces.flatMap(({ tokens }) => tokens)).toEqual(ANSWER)
    expect(pieces.map(({ text }) => text)).toEqual(['n', '', 'é', '!', ''])
    expect(await backend.generate(request)).toEqual(streamed)

    expect(posted.at(-1)).toMatchObject({
      path: '/v1/completions',
      body: { model: 'served', prompt: [BOS, 72, 105, MARK], top_k: -1, top_p: 0.9, return_token_ids: true },
    })
    await backend.close()
    await expect(backend.generate(request)).rejects.toMatchObject({ code: 'REQUEST_ABORTED' })
  })

  test('scores a text by the log-probabilities that it echoes', async () => {
    const { url } = await fakeServer(fakeVllm())
    const backend = await startOpenAiBackend({ url, declared })
    const { logProb } = await backend.score!({ promptTokens: [BOS, 72], tokens: [100, 101, EOS] })
    expect(logProb).toBeCloseTo(-(100 + 101 + EOS) / 1000, 12)
  })

  test('that leaves out the end token gets it back; one that leaves out others tells none', async () => {
    const routes = fakeVllm()
    const answer = (token_ids: number[]) => {
      routes['/v1/completions'] = (body, response) =>
        sendJson(response, {
          choices: [{ text: 'né!', token_ids, finish_reason: 'stop' }],
          usage: { prompt_tokens: (body.prompt as number[]).length, completion_tokens: 4 },
        })
    }
    answer(ANSWER.slice(0, -1))
    const { url } = await fakeServer({
      ...routes,
      '/v1/completions': (...call) => routes['/v1/completions']!(...call),
    })
    const whole = await startOpenAiBackend({ url, declared })
    expect(whole.detected).toMatchObject({ level: 1, signals: { tokenIds: true, promptLogProbs: false } })
    expect(whole.score).toBeUndefined()
    answer(ANSWER.slice(0, 2))
    const partial = await startOpenAiBackend({ url, declared })
    expect(partial.detected).toMatchObject({ level: 0, signals: { tokenIds: false } })
  })

  test('of another vocabulary is not taken for the declared model', async () => {
    const routes = fakeVllm()
    routes['/v1/completions'] = (body, response) =>
      sendJson(response, {
        choices: [{ text: 'Hello', token_ids: [15496, EOS], finish_reason: 'stop' }],
        usage: { prompt_tokens: (body.prompt as number[]).length, completion_tokens: 2 },
      })
    const { url } = await fakeServer(routes)
    await expect(startOpenAiBackend({ url, declared })).rejects.toMatchObject({ code: 'BACKEND_MISMATCH' })
  })
})

describe('a server that takes text alone', () => {
  test.each([
    ['tgi', TGI, 'openai/tgi-3.3.6'],
    ['ollama', OLLAMA, 'openai/ollama-0.12.11'],
  ])('%s is asked in its chat', async (name, pages, executionClass) => {
    const { url, posted } = await fakeServer(fakeChat(pages))
    const backend = await startOpenAiBackend({ url, declared })
    expect(backend.detected).toMatchObject({ flavour: { name }, form: 'chat', level: 1 })
    expect(backend.model.executionClass).toBe(executionClass)
    const pieces: AnswerPiece[] = []
    const request = { ...generateOptions, sampling: { temperature: 1, topK: 0, topP: 1 } }
    const answer = await backend.generate({
      ...request,
      promptTokens: backend.text.encodeChat([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ]),
      onPiece: (piece) => pieces.push(piece),
    })
    expect(answer).toEqual({ text: 'né!', tokens: [], finish: 'stop' })
    expect(pieces).toEqual([
      { tokens: [], text: 'né' },
      { tokens: [], text: '!' },
    ])
    const { body } = posted.at(-1)!
    expect(body.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ])
    expect('top_p' in body).toBe(name === 'ollama')
    expect('top_k' in body).toBe(false)
    await expect(
      backend.generate({ ...request, promptTokens: [65], sampling: { ...request.sampling, topK: 5 } }),
    ).rejects.toMatchObject({ code: 'SAMPLING_INVALID' })
  })

  test('and tells no log-probabilities either, is at level 0', async () => {
    const { url, posted } = await fakeServer(fakeChat({}, false))
    const { detected, model } = await startOpenAiBackend({ url, declared })
    expect(detected).toMatchObject({ flavour: { name: 'unknown' }, form: 'chat', level: 0 })
    expect(model.executionClass).toBe('openai/unknown')
    expect(posted.map(({ path }) => path)).toEqual(['/v1/completions', '/v1/chat/completions'])
  })

  test('counts a list of ids as something else, and so is not believed to read it', async () => {
    const { url } = await fakeServer({
      ...fakeChat({}),
      '/v1/completions': (_body, response) =>
        sendJson(response, {
          choices: [{ text: 'what?', finish_reason: 'stop' }],
          usage: { prompt_tokens: 40, completion_tokens: 3 },
        }),
    })
    expect((await startOpenAiBackend({ url, declared })).detected.form).toBe('chat')
  })
})

test('a server with several models must be told which', async () => {
  const { url } = await fakeServer({ ...fakeVllm(), '/v1/models': models('vllm', 'one', 'two') })
  const unclear = { code: 'BACKEND_MODEL_UNCLEAR', remedy: expect.stringContaining('one, two') }
  await expect(startOpenAiBackend({ url, declared })).rejects.toMatchObject(unclear)
  await expect(startOpenAiBackend({ url, declared, model: 'three' })).rejects.toMatchObject(unclear)
  expect((await startOpenAiBackend({ url, declared, model: 'two' })).detected.model).toBe('two')
})
