import { StarlingError } from '../../process/errors.ts'
import { died, malformed } from './errors.ts'
import { type Delta, readNativeReply, readReply } from './replies.ts'
import type { Ask } from './request-body.ts'
import type { Server } from './server.ts'
import { type Heard, hear } from './settle.ts'

/** Asks for a whole answer. @throws StarlingError BACKEND_…, BUSY, REQUEST_INVALID */
export async function hearWhole(server: Server, ask: Ask, signal: AbortSignal): Promise<Heard> {
  const json = await server.post(ask.path, ask.body, signal)
  const read = ask.path.startsWith('/v1/') ? readReply : readNativeReply
  return finished(server, [understood(server, read(json), json)])
}

/** Asks for an answer as it is written. @throws as `hearWhole` does */
export async function hearStream(
  server: Server,
  ask: Ask,
  onDelta: (delta: Delta) => void,
  signal: AbortSignal,
): Promise<Heard> {
  const deltas: Delta[] = []
  for await (const json of server.stream(ask.path, ask.body, signal)) {
    const delta = understood(server, readReply(json), json)
    deltas.push(delta)
    onDelta(delta)
  }
  return finished(server, deltas)
}

function finished(server: Server, deltas: readonly Delta[]): Heard {
  const heard = hear(deltas)
  if (heard === undefined) throw died(server.url)
  return heard
}

function understood(server: Server, delta: Delta | undefined, json: unknown): Delta {
  if (delta !== undefined) return delta
  const trouble = typeof json === 'object' && json !== null && 'error' in json ? json.error : undefined
  if (trouble === undefined) throw malformed(server.url, 'sent JSON that is not a completion')
  // Once a stream has begun, the status can't tell any more.
  throw new StarlingError(
    'BACKEND_FAILED',
    `${server.url} gave up: ${JSON.stringify(trouble).slice(0, 160)}`,
    'look at the server’s log',
  )
}
