import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import {
  type OpenAiBackend,
  type OpenAiBackendOptions,
  startOpenAiBackend,
} from '../../../../shared/inference/openai/start-openai-backend.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { declared, generateOptions } from './declared.ts'
import { fakeVllm } from './fake-kinds.ts'
import { type FakeServer, fakeServer, models, type Route, sendEvents, sendJson } from './fake-server.ts'

const request = { ...generateOptions, promptTokens: [65], onPiece: () => {} }
const piece = { choices: [{ text: 'a', token_ids: [97] }] }

/** A vLLM that behaves while it is looked at, and then answers every stream in its own way. */
async function startFailing(
  route: Route,
  options: Partial<OpenAiBackendOptions> = {},
): Promise<{ backend: OpenAiBackend; server: FakeServer }> {
  const routes = fakeVllm()
  const good = routes['/v1/completions']!
  const server = await fakeServer({
    ...routes,
    '/v1/completions': (body, response, incoming) =>
      body.stream === true ? route(body, response, incoming) : good(body, response, incoming),
  })
  return { backend: await startOpenAiBackend({ url: server.url, declared, ...options }), server }
}

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.catch((caught: unknown) => caught)
  return error instanceof StarlingError ? error.code : error
}

test.each<[string, string, Route]>([
  ['says that it is busy', 'BUSY', (_b, r) => sendJson(r, {}, 503)],
  ['finds fault with the request', 'REQUEST_INVALID', (_b, r) => sendJson(r, {}, 400)],
  ['breaks inside', 'BACKEND_FAILED', (_b, r) => sendJson(r, {}, 500)],
  ['sends elsewhere', 'BACKEND_REDIRECTS', (_b, r) => sendJson(r, {}, 307, { location: '/v1/models' })],
  ['gives up in the stream', 'BACKEND_FAILED', (_b, r) => sendEvents(r, [piece, { error: { code: 500 } }])],
  ['sends JSON of another kind', 'BACKEND_MALFORMED', (_b, r) => sendEvents(r, [piece, { choices: 7 }])],
  [
    'leaves out token ids',
    'BACKEND_MALFORMED',
    (_b, r) => sendEvents(r, [piece, { choices: [{ text: 'b', finish_reason: 'length' }] }]),
  ],
  ['sends no JSON', 'BACKEND_MALFORMED', (_b, r) => r.end('data: {"choices\n\n')],
  ['ends without an end', 'BACKEND_DIED', (_b, r) => sendEvents(r, [piece])],
  ['says nothing at all', 'BACKEND_DIED', (_b, r) => r.end()],
])('a server that %s: %s', async (_what, code, route) => {
  const { backend } = await startFailing(route)
  expect(await codeOf(backend.generate(request))).toBe(code)
})

test('a server that dies in mid-stream is named, and seen to be gone until it is back', async () => {
  let isDying = true
  const good = fakeVllm()['/v1/completions']!
  const { backend, server } = await startFailing((body, response, incoming) => {
    if (!isDying) return good(body, response, incoming)
    sendEvents(response, [piece], false)
    setImmediate(() => response.destroy())
  })
  const death = { code: 'BACKEND_DIED', message: expect.stringContaining(server.url) }
  await expect(backend.generate(request)).rejects.toMatchObject(death)
  expect(backend.health()).toMatchObject({ alive: false, restarts: 0 })
  isDying = false
  await backend.probe()
  expect(backend.health()).toMatchObject({ alive: true, restarts: 1 })
  expect((await backend.generate(request)).text).toBe('né!')
})

test('a server that is not there is named', async () => {
  // Nothing listens on a port that was free a moment ago.
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  listener.close()
  await once(listener, 'close')
  await expect(startOpenAiBackend({ url, declared })).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
    message: `no answer from ${url}: ECONNREFUSED`,
  })
})

test('a server that falls silent is given up, before and in an answer', async () => {
  let hungUp: Promise<unknown> | undefined
  const saysNothing: Route = (_body, response) => {
    hungUp = once(response, 'close')
  }
  const silent = await startFailing(saysNothing, { timeouts: { first: 200 } })
  expect(await codeOf(silent.backend.generate(request))).toBe('BACKEND_STALLED')
  await hungUp
  const stuck = await startFailing((_b, r) => sendEvents(r, [piece], false), { timeouts: { idle: 50 } })
  expect(await codeOf(stuck.backend.generate(request))).toBe('BACKEND_STALLED')
})

test('a key is sent, and named by its variable alone', async () => {
  const key = 'sk-very-secret'
  let isKnown = true
  const { url } = await fakeServer({
    ...fakeVllm(),
    '/v1/models': (body, response, incoming) => {
      if (isKnown && incoming.headers.authorization === `Bearer ${key}`)
        return models('vllm', 'served')(body, response, incoming)
      sendJson(response, { error: 'who are you?' }, 401)
    },
  })
  const start = (env: Record<string, string>) =>
    startOpenAiBackend({ url, declared, apiKeyEnv: 'SERVER_KEY', env })
  await expect(start({ SERVER_KEY: key })).resolves.toBeDefined()
  isKnown = false
  const error = await start({ SERVER_KEY: key }).catch((caught: unknown) => caught as StarlingError)
  expect(error).toMatchObject({ code: 'BACKEND_DENIED', remedy: 'correct SERVER_KEY' })
  expect(JSON.stringify([error, (error as StarlingError).message])).not.toContain(key)
  expect(await codeOf(start({}))).toBe('BACKEND_KEY_MISSING')
  expect(await codeOf(startOpenAiBackend({ url, declared }))).toBe('BACKEND_DENIED')
})

test('a busy server’s own time to wait reaches the caller', async () => {
  const { backend } = await startFailing((_b, r) => sendJson(r, {}, 429, { 'retry-after': '7' }))
  await expect(backend.generate(request)).rejects.toMatchObject({
    code: 'BUSY',
    remedy: 'ask again after 7 s',
  })
})

test('no more answers than agreed are under way at once', async () => {
  const held: ServerResponse[] = []
  const { backend } = await startFailing(
    (_b, response) => {
      held.push(response)
    },
    { maxConcurrent: 1 },
  )
  const first = backend.generate(request)
  expect(await codeOf(backend.generate(request))).toBe('BUSY')
  await expect.poll(() => held.length).toBe(1)
  sendEvents(held[0]!, [{ choices: [{ text: 'a', token_ids: [97], finish_reason: 'length' }] }])
  expect((await first).text).toBe('a')
})

test('an answer that nobody waits for any more is cancelled at the server', async () => {
  let closed: Promise<unknown> | undefined
  const open: Route = (_body, response) => {
    closed = once(response, 'close')
    sendEvents(response, [piece], false)
  }
  const { backend } = await startFailing(open)
  const caller = new AbortController()
  const aborted = backend.generate({ ...request, signal: caller.signal, onPiece: () => caller.abort() })
  expect(await codeOf(aborted)).toBe('REQUEST_ABORTED')
  await closed
  expect(await codeOf(backend.generate({ ...request, deadlineMs: 60 }))).toBe('DEADLINE_PASSED')
  await closed
  expect(await codeOf(backend.generate({ ...request, signal: caller.signal }))).toBe('REQUEST_ABORTED')
})

test('what the server can’t give is refused before it is asked', async () => {
  const { backend, server } = await startFailing((_b, r) => sendJson(r, {}, 500))
  const before = server.posted.length
  expect(await codeOf(backend.generate({ ...request, wantHidden: true }))).toBe('REQUEST_INVALID')
  expect(await codeOf(backend.generate({ ...request, promptTokens: [] }))).toBe('REQUEST_INVALID')
  expect(server.posted.length).toBe(before)
})
