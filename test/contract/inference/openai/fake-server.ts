import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Body = Readonly<Record<string, unknown>>
export type Route = (body: Body, response: ServerResponse, request: IncomingMessage) => void

export interface FakeServer {
  readonly url: string
  /** Bodies that were posted, in order. */
  readonly posted: readonly { readonly path: string; readonly body: Body }[]
}

/** An HTTP server on a free port with these routes and no others; closed with the test. */
export async function fakeServer(routes: Readonly<Record<string, Route>>): Promise<FakeServer> {
  const posted: { path: string; body: Body }[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const body: Body = text === '' ? {} : JSON.parse(text)
    const path = request.url!
    if (request.method === 'POST') posted.push({ path, body })
    const route = routes[path]
    if (route === undefined) sendJson(response, { error: 'not found' }, 404)
    else route(body, response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted }
}

export function sendJson(response: ServerResponse, json: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
}

/** Opens a stream and sends events; ends it with `[DONE]` unless told. */
export function sendEvents(response: ServerResponse, events: readonly unknown[], isDone = true): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`)
  if (isDone) response.end('data: [DONE]\n\n')
}

export const models =
  (owner: string, ...ids: string[]): Route =>
  (_body, response) =>
    sendJson(response, { object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: owner })) })
