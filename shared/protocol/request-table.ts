import { StarlingError } from '../process/errors.ts'
import { onAbort } from '../process/on-abort.ts'
import type { OnFrame } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { encodeFrame } from './codec.ts'
import type { Connection } from './connection.ts'
import type { SessionLimits } from './limits.ts'
import { type MinerMessage, REPLY_TYPE, type Request } from './messages.ts'
import { RefusedError } from './refused-error.ts'
import type { CloseReason, RequestOptions } from './session.ts'

/** The validator's requests that wait for a reply. */
export interface RequestTable {
  request(message: Request, options: RequestOptions): Promise<MinerMessage>
  /** Gives a reply to whoever waits for it; drops the connection over one that nobody asked for. */
  settle(seq: number, reply: MinerMessage): void
}

interface Waiting {
  readonly request: Request
  readonly resolve: (reply: MinerMessage) => void
  readonly reject: (error: StarlingError) => void
}

export function createRequestTable(
  connection: Connection,
  hotkey: string,
  limits: SessionLimits,
  onFrame?: OnFrame,
): RequestTable {
  const waiting = new Map<number, Waiting>()
  // A reply may still be on its way when its request times out; only these late ones are forgiven.
  const abandoned = new Set<number>()
  let lastSeq = 0
  let closed: CloseReason | undefined

  void connection.closed.then((why) => {
    closed = why
    for (const { request, reject } of waiting.values()) reject(closedError(hotkey, request, why))
  })

  function abandon(seq: number): void {
    abandoned.add(seq)
    if (abandoned.size > limits.abandonedRequests) connection.drop(CLOSE.notAnswering)
  }

  async function request(message: Request, { timeoutMs, signal }: RequestOptions): Promise<MinerMessage> {
    const { type } = message
    if (signal?.aborted) throw aborted(hotkey, type)
    if (closed !== undefined) throw closedError(hotkey, message, closed)
    if (waiting.size >= limits.requestsInFlight) {
      throw new StarlingError('QUEUE_FULL', `${waiting.size} requests to miner ${hotkey} are under way`)
    }
    // A number is used up only by a frame that is sent: the miner counts without gaps.
    const frame = encodeFrame(lastSeq + 1, message)
    const seq = ++lastSeq

    let timer: NodeJS.Timeout | undefined
    let forget = (): void => {}
    try {
      return await new Promise<MinerMessage>((resolve, reject) => {
        waiting.set(seq, { request: message, resolve, reject })
        timer = setTimeout(() => {
          abandon(seq)
          reject(
            new StarlingError('TIMEOUT', `miner ${hotkey} did not answer ${type} within ${timeoutMs} ms`),
          )
        }, timeoutMs)
        if (signal !== undefined)
          forget = onAbort(signal, () => {
            abandon(seq)
            reject(aborted(hotkey, type))
          })
        connection.send(frame)
        onFrame?.('out', type, frame.length)
      })
    } finally {
      waiting.delete(seq)
      clearTimeout(timer)
      forget()
    }
  }

  function settle(seq: number, reply: MinerMessage): void {
    const entry = waiting.get(seq)
    if (entry === undefined) {
      if (!abandoned.delete(seq)) connection.drop(CLOSE.badSequence)
    } else if (reply.type === 'refusal') {
      waiting.delete(seq)
      entry.reject(new RefusedError(hotkey, reply))
    } else if (answers(reply, entry.request)) {
      waiting.delete(seq)
      entry.resolve(reply)
    } else {
      connection.drop(CLOSE.malformedFrame)
    }
  }

  return { request, settle }
}

/** True when the reply's type belongs to the request and both carry one id. */
function answers(reply: MinerMessage, request: Request): boolean {
  if (reply.type !== REPLY_TYPE[request.type]) return false
  return !('id' in reply && 'id' in request) || Buffer.compare(reply.id, request.id) === 0
}

function closedError(hotkey: string, request: Request, why: CloseReason): StarlingError {
  return new StarlingError(
    'CLOSED',
    `connection to miner ${hotkey} ended before ${request.type} was answered: ${why.code} ${why.reason}`,
  )
}

function aborted(hotkey: string, type: string): StarlingError {
  return new StarlingError('ABORTED', `${type} to miner ${hotkey} was called off`)
}
