import { createHash } from 'node:crypto'
import { publicKeyOf, type Signer, verifySignature } from '../chain/wallet/signer.ts'
import { StarlingError } from '../process/errors.ts'
import { equalBytes, taggedHash, u32 } from '../proof/hash.ts'
import { type Hello, PROTOCOL_VERSION } from './messages.ts'

/**
 * What a listener signs to answer for one connection: H(tag ‖ sha256(signed bytes of the upgrade) ‖ version ‖ hotkey ‖ key). The
 * upgrade holds the dialler's nonce and key, so a hello can't be used again, and nobody who merely passes the upgrade on can
 * make one.
 */
export function helloMessage(
  upgrade: Uint8Array,
  hello: Pick<Hello, 'version' | 'hotkey' | 'key'>,
): Uint8Array {
  return taggedHash(
    'starling/hello/v2',
    createHash('sha256').update(upgrade).digest(),
    u32(hello.version),
    hello.hotkey,
    hello.key,
  )
}

/**
 * @param upgrade the signed bytes of the upgrade that opened the connection
 * @param key the listener's public key for this connection, 32 bytes
 */
export function makeHello(signer: Signer, key: Uint8Array, upgrade: Uint8Array): Hello {
  const facts = { version: PROTOCOL_VERSION, hotkey: signer.publicKey, key }
  return { type: 'hello', ...facts, signature: signer.sign(helloMessage(upgrade, facts)) }
}

/**
 * Checks a listener's hello against the hotkey that was dialled.
 * @param hotkey ss58 address
 * @throws StarlingError VERSION_MISMATCH, AXON_WRONG_HOTKEY
 */
export function checkHello(hello: Hello, hotkey: string, upgrade: Uint8Array): void {
  if (hello.version !== PROTOCOL_VERSION) {
    throw new StarlingError(
      'VERSION_MISMATCH',
      `${hotkey} speaks protocol ${hello.version}, not ${PROTOCOL_VERSION}`,
      'bring both sides to the same release',
    )
  }
  const expected = publicKeyOf(hotkey)
  if (expected === undefined || !equalBytes(hello.hotkey, expected)) {
    throw wrongHotkey(hotkey, 'answered as another hotkey')
  }
  if (!verifySignature(helloMessage(upgrade, hello), hello.signature, hotkey)) {
    throw wrongHotkey(hotkey, 'did not sign for this connection')
  }
}

function wrongHotkey(hotkey: string, what: string): StarlingError {
  return new StarlingError(
    'AXON_WRONG_HOTKEY',
    `whoever was dialled for ${hotkey} ${what}`,
    'the address on chain may be out of date',
  )
}
