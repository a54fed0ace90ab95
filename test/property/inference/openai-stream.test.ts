import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hearStream } from '../../../shared/inference/openai/listen.ts'
import { openServer } from '../../../shared/inference/openai/server.ts'

/** A server whose one answer arrives in these chunks. */
function serverOf(chunks: readonly Uint8Array[], maxBytes = 1 << 20) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  return openServer({
    url: 'http://server',
    timeouts: { first: 1000, idle: 1000 },
    maxBytes,
    fetch: async () => new Response(body),
    onSign: () => {},
    onLoss: () => {},
  })
}

const ask = { path: '/v1/completions', body: {} }
const pieces = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 })
const newline = fc.constantFrom('\n', '\r\n')

function streamOf(texts: readonly string[], end: string): Uint8Array {
  const events = texts.map((text) => JSON.stringify({ choices: [{ text }] }))
  const last = JSON.stringify({ choices: [{ text: '', finish_reason: 'stop' }] })
  return Buffer.from(
    [...events, last, '[DONE]'].map((data) => `: ping${end}data: ${data}${end}${end}`).join(''),
  )
}

test('an answer does not depend on where its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      pieces,
      newline,
      fc.array(fc.nat(2000), { maxLength: 40 }),
      async (texts, end, places) => {
        const bytes = streamOf(texts, end)
        const cuts = [0, ...places.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
        const chunks = cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to))
        const seen: string[] = []
        const signal = new AbortController().signal
        const heard = await hearStream(serverOf(chunks), ask, ({ text }) => seen.push(text), signal)
        expect(seen).toEqual([...texts, ''])
        expect(heard).toMatchObject({ text: texts.join(''), finish: 'stop' })
      },
    ),
  )
})

test('bytes that are no answer end in an error with a code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const heard = hearStream(
        serverOf([Buffer.from('data: {'), bytes]),
        ask,
        () => {},
        new AbortController().signal,
      )
      await expect(heard).rejects.toMatchObject({ code: expect.stringMatching(/^BACKEND_(DIED|MALFORMED)$/) })
    }),
  )
})

test('an answer beyond the bound is refused', async () => {
  const bytes = streamOf(['a'.repeat(500)], '\n')
  const heard = hearStream(serverOf([bytes], 500), ask, () => {}, new AbortController().signal)
  await expect(heard).rejects.toMatchObject({
    code: 'BACKEND_MALFORMED',
    message: expect.stringContaining('500'),
  })
})
