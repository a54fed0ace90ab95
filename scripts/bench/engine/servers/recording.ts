import { z } from 'zod'

/** One request and its reply, the reply's bytes as they came. */
const exchange = z.strictObject({
  method: z.string(),
  path: z.string(),
  /** JSON of the request's body. */
  request: z.string().nullable(),
  status: z.int(),
  type: z.string(),
  reply: z.string(),
})

export const recordingSchema = z.strictObject({
  /** What was recorded, and how. */
  about: z.string(),
  exchanges: z.array(exchange),
  result: z.unknown(),
})

export type Exchange = z.infer<typeof exchange>

/** A fetch that keeps what passes through it. */
export function recordingFetch(exchanges: Exchange[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const reply = await response.text()
    const type = response.headers.get('content-type') ?? ''
    exchanges.push({ ...keyOf(input, init), status: response.status, type, reply })
    return new Response(reply, { status: response.status, headers: { 'content-type': type } })
  }
}

/** A fetch that gives what was recorded for an equal request, and fails on any other. */
export function replayingFetch(exchanges: readonly Exchange[]): typeof fetch {
  return async (input, init) => {
    const { method, path, request } = keyOf(input, init)
    const found = exchanges.find(
      (past) => past.method === method && past.path === path && past.request === request,
    )
    if (found === undefined) throw new TypeError(`never recorded: ${method} ${path} ${request}`)
    return new Response(found.reply, { status: found.status, headers: { 'content-type': found.type } })
  }
}

function keyOf(input: Parameters<typeof fetch>[0], init: RequestInit | undefined) {
  const { pathname } = new URL(String(input))
  const request = typeof init?.body === 'string' ? init.body : null
  return { method: init?.method ?? 'GET', path: pathname, request }
}
