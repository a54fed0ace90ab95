import { createParser } from 'eventsource-parser'
import { hasCode, StarlingError } from '../../process/errors.ts'
import { died, malformed, stalled, statusError, unreachable } from './errors.ts'
import type { JsonObject } from './flavours.ts'

export interface ServerTimeouts {
  /** Milliseconds until an answer begins; without a stream that is when it is complete. */
  readonly first: number
  /** Milliseconds between two pieces of a body. */
  readonly idle: number
}

export interface ServerOptions {
  /** Scheme, host, port and path before /v1. */
  readonly url: string
  readonly key?: { readonly env: string; readonly value: string } | undefined
  readonly timeouts: ServerTimeouts
  /** Bytes of an answer's body. */
  readonly maxBytes: number
  readonly fetch: typeof fetch
  /** Called whenever the server said something, and whenever it could not be reached. */
  readonly onSign: () => void
  readonly onLoss: () => void
}

/** HTTP to one server, with every wait and size bounded. Rejections are StarlingErrors that name the URL. */
export interface Server {
  readonly url: string
  /** @throws StarlingError BACKEND_…, BUSY, REQUEST_INVALID, or the signal's reason */
  get(path: string, signal: AbortSignal): Promise<unknown>
  post(path: string, body: JsonObject, signal: AbortSignal): Promise<unknown>
  /** The JSON of each event, up to `[DONE]` or the end. */
  stream(path: string, body: JsonObject, signal: AbortSignal): AsyncGenerator<unknown>
}

const ERROR_BYTES = 64 * 1024

export function openServer(options: ServerOptions): Server {
  const { url, key, timeouts, maxBytes } = options
  const headers = key === undefined ? {} : { authorization: `Bearer ${key.value}` }

  const send = async (path: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    const request = options.fetch(`${url}${path}`, { ...init, redirect: 'manual', signal })
    const response = await within(request, timeouts.first, url).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason
      options.onLoss()
      throw ours(error, (cause) => unreachable(url, cause))
    })
    options.onSign()
    if (response.ok) return response
    const text = await readAll(response, ERROR_BYTES, signal).catch(() => '')
    throw statusError(url, response, text, key?.env)
  }

  const read = async function* (response: Response, limit: number, signal: AbortSignal) {
    const reader = response.body?.getReader()
    if (reader === undefined) return
    const decoder = new TextDecoder()
    let size = 0
    try {
      for (;;) {
        const { done, value } = await within(reader.read(), timeouts.idle, url)
        if (done) return
        options.onSign()
        size += value.length
        if (size > limit) throw malformed(url, `sent more than ${limit} bytes`)
        yield decoder.decode(value, { stream: true })
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!hasCode(error, 'BACKEND_MALFORMED')) options.onLoss()
      throw ours(error, (cause) => died(url, cause))
    } finally {
      // Also reached when the caller stops early: the server is told, and may stop computing.
      reader.cancel().catch(() => {})
    }
  }

  const readAll = async (response: Response, limit: number, signal: AbortSignal): Promise<string> => {
    let text = ''
    for await (const part of read(response, limit, signal)) text += part
    return text
  }

  const json = (text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      throw malformed(url, 'sent what is not JSON')
    }
  }

  const posting = (body: JsonObject): RequestInit => ({
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

  return {
    url,
    async get(path, signal) {
      return json(await readAll(await send(path, { headers }, signal), maxBytes, signal))
    },
    async post(path, body, signal) {
      return json(await readAll(await send(path, posting(body), signal), maxBytes, signal))
    },
    async *stream(path, body, signal) {
      const response = await send(path, posting(body), signal)
      const events: string[] = []
      const parser = createParser({ onEvent: ({ data }) => events.push(data) })
      for await (const part of read(response, maxBytes, signal)) {
        parser.feed(part)
        for (const data of events.splice(0)) {
          if (data === '[DONE]') return
          yield json(data)
        }
      }
    },
  }
}

/** Rejects with BACKEND_STALLED when a promise takes too long; whoever started it must abandon it. */
async function within<T>(promise: Promise<T>, milliseconds: number, url: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(stalled(url, milliseconds)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function ours(error: unknown, wrap: (cause: unknown) => StarlingError): StarlingError {
  return error instanceof StarlingError ? error : wrap(error)
}
