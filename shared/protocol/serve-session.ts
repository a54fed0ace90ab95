import { describeError, StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import { printable } from '../process/printable.ts'
import type { AxonOptions, OnFrame } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { decodeRequest, encodeFrame } from './codec.ts'
import type { Connection } from './connection.ts'
import { MESSAGE_LIMITS, type SessionLimits } from './limits.ts'
import { REPLY_TYPE, type Refusal, type Reply, type Request } from './messages.ts'
import type { RequestMeter } from './request-meter.ts'

export interface ServeOptions extends Pick<AxonOptions, 'models' | 'authorize' | 'handle'> {
  readonly limits: SessionLimits
  /** One for all connections of a listener. */
  readonly meter: RequestMeter
  readonly onFrame?: OnFrame | undefined
  readonly log: Log
}

/**
 * The miner's end of one connection, whoever dialled: says what it offers, then answers requests as they come.
 * @param peer ss58 address that the validator has proved
 */
export function serveSession(connection: Connection, peer: string, options: ServeOptions): void {
  const { limits, log } = options
  const underWay = new Set<LazyAbort>()
  let bytesUnderWay = 0
  let lastSeq = 0

  connection.receive((frame) => {
    const verdict = options.meter.judge(peer)
    if (verdict === 'drop') return connection.drop(CLOSE.tooManyRequests)
    const { seq, body } = decodeRequest(frame)
    options.onFrame?.('in', body.type, frame.length)
    if (seq !== lastSeq + 1) return connection.drop(CLOSE.badSequence)
    lastSeq = seq
    const busy = whyBusy(verdict, frame.length)
    // Nothing that a handler does may reach the process as an unhandled rejection.
    const reply = busy === undefined ? answer(body, frame.length) : Promise.resolve(refusal(busy))
    void reply.then((message) => {
      if (connection.ended()) return
      const sent = encode(seq, message)
      connection.send(sent)
      options.onFrame?.('out', message.type, sent.length)
    })
  })

  function whyBusy(verdict: 'serve' | 'refuse', bytes: number): StarlingError | undefined {
    if (verdict === 'refuse')
      return new StarlingError('BUSY', `more than ${limits.requestsPerMinute} requests a minute`)
    if (underWay.size >= limits.requestsInFlight)
      return new StarlingError('BUSY', `${underWay.size} requests are under way`)
    if (bytesUnderWay + bytes <= limits.requestBytes) return undefined
    return new StarlingError('BUSY', `requests of ${bytesUnderWay} bytes are under way`)
  }

  async function answer(request: Request, bytes: number): Promise<Reply | Refusal> {
    const controller = lazyAbort()
    underWay.add(controller)
    bytesUnderWay += bytes
    try {
      const objection = options.authorize(peer)
      if (objection !== undefined) throw objection
      const reply = await options.handle(request, {
        peer,
        get signal() {
          return controller.signal()
        },
      })
      if (!answers(reply, request)) throw new Error(`handler answered ${request.type} with ${reply.type}`)
      return reply
    } catch (error) {
      if (!(error instanceof StarlingError)) {
        log.error({ peer, request: request.type, error: describeError(error) }, 'handler failed')
      }
      return refusal(error)
    } finally {
      underWay.delete(controller)
      bytesUnderWay -= bytes
    }
  }

  function encode(seq: number, reply: Reply | Refusal): Uint8Array {
    try {
      return encodeFrame(seq, reply)
    } catch (error) {
      log.error({ peer, reply: reply.type, error: describeError(error) }, 'reply does not fit the protocol')
      return encodeFrame(seq, refusal(undefined))
    }
  }

  connection.send(encodeFrame(0, { type: 'offer', models: [...options.models] }))
  log.info({ peer }, 'validator connected')
  void connection.closed.then(({ code, reason }) => {
    for (const controller of underWay) controller.abort()
    log.info({ peer, code, reason }, 'validator disconnected')
  })
}

interface LazyAbort {
  signal(): AbortSignal
  abort(): void
}

/** A signal that is made when somebody asks for it: most requests are answered at once, and a signal takes longer to make than a frame to read. */
function lazyAbort(): LazyAbort {
  const made: { controller?: AbortController } = {}
  let aborted = false
  return {
    signal() {
      made.controller ??= new AbortController()
      if (aborted) made.controller.abort()
      return made.controller.signal
    },
    abort() {
      aborted = true
      made.controller?.abort()
    },
  }
}

function answers(reply: Reply, request: Request): boolean {
  if (reply.type !== REPLY_TYPE[request.type]) return false
  return !('id' in reply && 'id' in request) || Buffer.compare(reply.id, request.id) === 0
}

/** A StarlingError says what may be told; whatever else went wrong is nobody's business but our own log's. */
function refusal(error: unknown): Refusal {
  if (error instanceof StarlingError && /^[A-Z][A-Z0-9_]{0,39}$/.test(error.code)) {
    return {
      type: 'refusal',
      code: error.code,
      message: printable(error.message, MESSAGE_LIMITS.refusalChars),
    }
  }
  return { type: 'refusal', code: 'INTERNAL', message: 'the miner failed to answer' }
}
