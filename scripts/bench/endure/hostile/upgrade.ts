import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import {
  authHeaders,
  nextNonce,
  type SignedRequest,
  signedBytes,
} from '../../../../shared/protocol/btauth.ts'
import { upgradeTarget } from '../../../../shared/protocol/upgrade-target.ts'

/** A signed upgrade, and what its hello must refer to. */
export interface Upgrade {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly signed: Uint8Array
}

/** What an honest dialler would send; `change` alters what is signed. */
export function makeUpgrade(
  path: string,
  signer: Signer,
  receiver: string,
  key: Uint8Array,
  change: Partial<SignedRequest> = {},
): Upgrade {
  const request: SignedRequest = {
    ...{ scheme: 'sr25519', method: 'GET', target: upgradeTarget(path, key), body: new Uint8Array(0) },
    ...{ nonce: nextNonce(Date.now()), sender: signer.address, receiver },
    ...change,
  }
  const signed = signedBytes(request)
  return { target: request.target, headers: authHeaders(signer, signed, request), signed }
}

/** The bytes of the request. */
export function upgradeBytes({ target, headers }: Pick<Upgrade, 'target' | 'headers'>): Buffer {
  const lines = [
    ...[`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket'],
    ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
