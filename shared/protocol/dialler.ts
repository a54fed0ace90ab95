import { StarlingError } from '../process/errors.ts'
import type { ConnectOptions } from './axon.ts'
import { authHeaders, nextNonce, type SignedRequest, signedBytes } from './btauth.ts'
import { CLOSE } from './close-codes.ts'
import { decodeHello } from './codec.ts'
import { type Connection, openConnection } from './connection.ts'
import { dial } from './dial.ts'
import { checkHello, helloMessage } from './hello.ts'
import { createKeyExchange } from './key-exchange.ts'
import type { SessionLimits } from './limits.ts'
import type { CloseReason } from './session.ts'
import { upgradeTarget } from './upgrade-target.ts'

export interface DiallerOptions
  extends Pick<ConnectOptions, 'ip' | 'port' | 'tls' | 'signer' | 'hotkey' | 'signal'>,
    Required<Pick<ConnectOptions, 'clock'>> {
  readonly path: string
  readonly limits: SessionLimits
  /** What we say when `signal` ends the connection. */
  readonly bye: CloseReason
}

/**
 * Dials a listener, checks that it holds the hotkey that was dialled, and agrees on keys with it. One deadline (`handshakeMs`)
 * covers the socket, the upgrade, the hello, and `begin`.
 * @param begin takes over the secured connection, before its first record can arrive
 * @throws StarlingError AXON_UNREACHABLE, UPGRADE_REFUSED, AXON_WRONG_HOTKEY, VERSION_MISMATCH, TIMEOUT, ABORTED, CLOSED,
 *   BAD_KEY
 */
export async function dialSecured<T>(
  options: DiallerOptions,
  begin: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { clock, limits, hotkey, signer } = options
  const where = `${hotkey} at ${options.ip}:${options.port}`
  const exchange = createKeyExchange()
  const request: SignedRequest = {
    scheme: 'sr25519',
    method: 'GET',
    target: upgradeTarget(options.path, exchange.publicKey),
    body: new Uint8Array(0),
    nonce: nextNonce(clock.now()),
    sender: signer.address,
    receiver: hotkey,
  }
  const upgrade = signedBytes(request)

  const attempt = new AbortController()
  const abort = (): void => {
    attempt.abort(new StarlingError('ABORTED', `dialling ${where} was called off`))
  }
  const timer = setTimeout(() => {
    attempt.abort(new StarlingError('TIMEOUT', `${where} did not answer within ${limits.handshakeMs} ms`))
  }, limits.handshakeMs)
  if (options.signal?.aborted) abort()
  else options.signal?.addEventListener('abort', abort, { once: true })

  let opened: Connection | undefined
  try {
    const begun = await new Promise<T>((resolve, reject) => {
      attempt.signal.throwIfAborted()
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true })
      dial({
        ip: options.ip,
        port: options.port,
        tls: options.tls ?? false,
        target: request.target,
        headers: authHeaders(signer, upgrade, request),
        limits,
        signal: attempt.signal,
        onOpen: (socket) => {
          const connection = openConnection(socket, { clock, limits })
          opened = connection
          connection.receive((frame) => {
            const { seq, body } = decodeHello(frame)
            try {
              if (seq !== 0) throw new StarlingError('AXON_WRONG_HOTKEY', `${where} did not say hello first`)
              checkHello(body, hotkey, upgrade)
              const transcript = { upgrade, hello: helloMessage(upgrade, body) }
              connection.secure(exchange.records(body.key, transcript, 'dialler'))
              begin(connection).then(resolve, reject)
            } catch (error) {
              reject(error)
              connection.drop(CLOSE.badHello)
            }
          })
          void connection.closed.then(({ code, reason }) => {
            reject(new StarlingError('CLOSED', `${where} hung up: ${code} ${reason}`))
          })
        },
      }).catch(reject)
    })
    endWith(options.signal, opened!, options.bye)
    return begun
  } catch (error) {
    opened?.drop(CLOSE.normal)
    throw error
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
  }
}

function endWith(signal: AbortSignal | undefined, connection: Connection, bye: CloseReason): void {
  const close = (): void => connection.drop(bye)
  signal?.addEventListener('abort', close, { once: true })
  // The signal may have fired between the end of the handshake and this line.
  if (signal?.aborted) close()
  void connection.closed.then(() => signal?.removeEventListener('abort', close))
}
