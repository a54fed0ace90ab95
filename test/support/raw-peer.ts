import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { AXON_PATH } from '../../shared/protocol/axon.ts'
import {
  authHeaders,
  nextNonce,
  readClaim,
  type SignedRequest,
  signedBytes,
} from '../../shared/protocol/btauth.ts'
import { decodeHello, encodeFrame } from '../../shared/protocol/codec.ts'
import { helloMessage, makeHello } from '../../shared/protocol/hello.ts'
import { createKeyExchange, type KeyExchange } from '../../shared/protocol/key-exchange.ts'
import type { Hello } from '../../shared/protocol/messages.ts'
import { framesOf, type Records } from '../../shared/protocol/records.ts'
import { keyOfTarget, upgradeTarget } from '../../shared/protocol/upgrade-target.ts'

/** An upgrade that was signed, and the key that opens what it leads to. */
export interface SignedUpgrade {
  readonly target: string
  readonly headers: Record<string, string>
  readonly signed: Uint8Array
  readonly exchange: KeyExchange
}

/** A valid upgrade by `signer` for `receiver`, but for changes to what is signed. The target is sent as it should be signed. */
export function signedUpgrade(
  signer: Signer,
  receiver: string,
  change: Partial<SignedRequest> = {},
  path = AXON_PATH,
): SignedUpgrade {
  const exchange = createKeyExchange()
  const target = upgradeTarget(path, exchange.publicKey)
  const request: SignedRequest = {
    scheme: 'sr25519',
    method: 'GET',
    target,
    body: new Uint8Array(0),
    nonce: nextNonce(Date.now()),
    sender: signer.address,
    receiver,
    ...change,
  }
  const signed = signedBytes(request)
  return { target, headers: authHeaders(signer, signed, request), signed, exchange }
}

/** A secured connection that is free to misbehave. */
export interface RawPeer {
  readonly socket: WebSocket
  readonly records: Records
  /** Seals these frames as one record. */
  send(...frames: Uint8Array[]): void
  /** Calls back with each frame that comes. */
  onFrame(callback: (frame: Uint8Array) => void): void
  /** The next frame. */
  next(): Promise<Uint8Array>
}

/** Takes a socket whose keys stand. Frames that nobody has asked for yet wait. */
export function rawPeer(socket: WebSocket, records: Records): RawPeer {
  const waiting: Uint8Array[] = []
  let take: ((frame: Uint8Array) => void) | undefined
  socket.on('message', (data: Buffer) => {
    for (const frame of framesOf(records.open(data))) {
      if (take === undefined) waiting.push(frame)
      else take(frame)
    }
  })
  return {
    socket,
    records,
    send: (...frames) => socket.send(records.seal(frames)),
    onFrame(callback) {
      take = callback
      for (const frame of waiting.splice(0)) callback(frame)
    },
    next() {
      const frame = waiting.shift()
      if (frame !== undefined) return Promise.resolve(frame)
      return new Promise((resolve) => {
        take = (next) => {
          take = undefined
          resolve(next)
        }
      })
    },
  }
}

/** Dials a listener with an upgrade; the hello is not checked. The miner's offer is the first frame. */
export function rawDial(
  { ip, port }: { readonly ip: string; readonly port: number },
  upgrade: SignedUpgrade,
  options: { readonly autoPong?: boolean } = {},
): Promise<RawPeer> {
  const socket = new WebSocket(`ws://${ip}:${port}${upgrade.target}`, {
    headers: upgrade.headers,
    ...options,
  })
  socket.on('error', () => {})
  return new Promise((resolve, reject) => {
    socket.once('close', (code) => reject(new Error(`no hello: ${code}`)))
    // At once, as the offer may come in the very same packet.
    socket.once('message', (data: Buffer) => {
      const { body } = decodeHello(data)
      const transcript = { upgrade: upgrade.signed, hello: helloMessage(upgrade.signed, body) }
      resolve(rawPeer(socket, upgrade.exchange.records(body.key, transcript, 'dialler')))
    })
  })
}

/** What came with an upgrade, for a server that answers as it likes. */
export interface ReceivedUpgrade {
  readonly signed: Uint8Array
  /** A proper hello by that signer, and the connection that follows it. */
  greet(socket: WebSocket, signer: Signer, change?: Partial<Hello>): RawPeer
}

/** Reads an upgrade request without any check. */
export function receivedUpgrade(request: IncomingMessage, path = AXON_PATH): ReceivedUpgrade {
  const { sender, receiver, nonce } = readClaim(request.headers)
  const target = request.url ?? ''
  const body = new Uint8Array(0)
  const signed = signedBytes({ scheme: 'sr25519', method: 'GET', target, body, nonce, sender, receiver })
  return {
    signed,
    greet(socket, signer, change = {}) {
      const exchange = createKeyExchange()
      const hello = { ...makeHello(signer, exchange.publicKey, signed), ...change }
      socket.send(encodeFrame(0, hello))
      const transcript = { upgrade: signed, hello: helloMessage(signed, hello) }
      return rawPeer(socket, exchange.records(keyOfTarget(path, target)!, transcript, 'listener'))
    },
  }
}
