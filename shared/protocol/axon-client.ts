import { systemClock } from '../process/clock.ts'
import { StarlingError } from '../process/errors.ts'
import { silentLog } from '../process/logging.ts'
import { AXON_PATH, type ConnectOptions } from './axon.ts'
import { authHeaders, nextNonce, type SignedRequest, signedBytes } from './btauth.ts'
import { CLOSE } from './close-codes.ts'
import { decodeReply } from './codec.ts'
import { type Connection, openConnection } from './connection.ts'
import { dial } from './dial.ts'
import { checkHello } from './hello.ts'
import { SESSION_LIMITS } from './limits.ts'
import type { Hello, ReplyFor, RequestOf, RequestType } from './messages.ts'
import { createRequestTable, type RequestTable } from './request-table.ts'
import type { RequestOptions, Session } from './session.ts'

/**
 * Dials a miner and checks that it holds the hotkey that was dialled. One deadline (`handshakeMs`) covers all of it: the
 * socket, the upgrade, the miner's hello, and the first ping.
 * @throws StarlingError AXON_UNREACHABLE, UPGRADE_REFUSED, AXON_WRONG_HOTKEY, VERSION_MISMATCH, TIMEOUT, ABORTED, CLOSED
 */
export async function connectAxon(options: ConnectOptions): Promise<Session> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const { hotkey, signer } = options
  const where = `axon of ${hotkey} at ${options.ip}:${options.port}`

  const request: SignedRequest = {
    scheme: 'sr25519',
    method: 'GET',
    target: AXON_PATH,
    body: new Uint8Array(0),
    nonce: nextNonce(clock.now()),
    sender: signer.address,
    receiver: hotkey,
  }
  const signed = signedBytes(request)

  const attempt = new AbortController()
  const abort = (): void => {
    attempt.abort(new StarlingError('ABORTED', `dialling ${where} was called off`))
  }
  const timer = setTimeout(() => {
    const late = new StarlingError('TIMEOUT', `${where} did not answer within ${limits.handshakeMs} ms`)
    attempt.abort(late)
  }, limits.handshakeMs)
  if (options.signal?.aborted) abort()
  else options.signal?.addEventListener('abort', abort, { once: true })

  let opened: { connection: Connection; requests: RequestTable } | undefined
  try {
    const hello = await new Promise<Hello>((resolve, reject) => {
      attempt.signal.throwIfAborted()
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true })
      let greeted = false
      dial({
        ip: options.ip,
        port: options.port,
        headers: authHeaders(signer, signed, request),
        limits,
        signal: attempt.signal,
        onOpen: (socket) => {
          const connection = openConnection(socket, { clock, limits }, (data) => {
            const { seq, body } = decodeReply(data)
            if (greeted) return requests.settle(seq, body)
            greeted = true
            try {
              if (seq !== 0) throw new StarlingError('AXON_WRONG_HOTKEY', `${where} did not say hello first`)
              const checked = checkHello(body, hotkey, signed)
              void connection.heartbeat.first.then(() => resolve(checked))
            } catch (error) {
              reject(error)
              connection.drop(CLOSE.badHello)
            }
          })
          const requests = createRequestTable(connection, hotkey, limits)
          opened = { connection, requests }
          void connection.closed.then(({ code, reason }) => {
            reject(new StarlingError('CLOSED', `${where} hung up: ${code} ${reason}`))
          })
        },
      }).catch(reject)
    })
    return createSession(hotkey, hello, opened!, options)
  } catch (error) {
    opened?.connection.drop(CLOSE.normal)
    throw error
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
  }
}

function createSession(
  hotkey: string,
  hello: Hello,
  { connection, requests }: { connection: Connection; requests: RequestTable },
  options: ConnectOptions,
): Session {
  const log = options.log ?? silentLog()
  const close = (): void => connection.drop(CLOSE.normal)
  options.signal?.addEventListener('abort', close, { once: true })
  // The signal may have fired between the end of the handshake and this line.
  if (options.signal?.aborted) close()
  log.info({ hotkey }, 'miner connected')
  void connection.closed.then(({ code, reason }) => {
    options.signal?.removeEventListener('abort', close)
    log.info({ hotkey, code, reason }, 'miner disconnected')
  })
  return {
    hotkey,
    models: hello.models,
    // The table has checked that the reply's type belongs to the request's, which the compiler can't follow.
    request: <K extends RequestType>(message: RequestOf<K>, requestOptions: RequestOptions) =>
      requests.request(message, requestOptions) as Promise<ReplyFor<K>>,
    pingMs: () => connection.heartbeat.medianMs() ?? 0,
    closed: connection.closed,
    close,
  }
}
