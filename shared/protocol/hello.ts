import { createHash } from 'node:crypto'
import { publicKeyOf, type Signer, verifySignature } from '../chain/wallet/signer.ts'
import { StarlingError } from '../process/errors.ts'
import { equalBytes, hashText, taggedHash, u32 } from '../proof/hash.ts'
import { type Hello, type MinerMessage, type ModelOffer, PROTOCOL_VERSION } from './messages.ts'

/**
 * What a miner signs to answer for one connection: H(tag ‖ sha256(signed bytes of the upgrade) ‖ version ‖ hotkey ‖ count ‖
 * (H(name) ‖ hash ‖ H(class)) for each model). The upgrade's nonce is the validator's, so a hello can't be used again, and
 * nobody who merely passes the upgrade on can make one.
 */
export function helloMessage(
  upgrade: Uint8Array,
  hello: Pick<Hello, 'version' | 'hotkey' | 'models'>,
): Uint8Array {
  return taggedHash(
    'starling/hello/v1',
    createHash('sha256').update(upgrade).digest(),
    u32(hello.version),
    hello.hotkey,
    u32(hello.models.length),
    ...hello.models.flatMap((model) => [hashText(model.name), model.hash, hashText(model.executionClass)]),
  )
}

/** @param upgrade the signed bytes of the upgrade that opened the connection */
export function makeHello(signer: Signer, models: readonly ModelOffer[], upgrade: Uint8Array): Hello {
  const facts = { version: PROTOCOL_VERSION, hotkey: signer.publicKey, models: [...models] }
  return { type: 'hello', ...facts, signature: signer.sign(helloMessage(upgrade, facts)) }
}

/**
 * Checks a miner's first message against the hotkey that was dialled.
 * @param hotkey ss58 address
 * @throws StarlingError VERSION_MISMATCH, AXON_WRONG_HOTKEY
 */
export function checkHello(message: MinerMessage, hotkey: string, upgrade: Uint8Array): Hello {
  if (message.type !== 'hello') throw wrongHotkey(hotkey, `sent ${message.type} before hello`)
  if (message.version !== PROTOCOL_VERSION) {
    throw new StarlingError(
      'VERSION_MISMATCH',
      `axon of ${hotkey} speaks protocol ${message.version}, not ${PROTOCOL_VERSION}`,
      'bring both sides to the same release',
    )
  }
  const expected = publicKeyOf(hotkey)
  if (expected === undefined || !equalBytes(message.hotkey, expected)) {
    throw wrongHotkey(hotkey, 'answered as another hotkey')
  }
  if (!verifySignature(helloMessage(upgrade, message), message.signature, hotkey)) {
    throw wrongHotkey(hotkey, 'did not sign for this connection')
  }
  return message
}

function wrongHotkey(hotkey: string, what: string): StarlingError {
  return new StarlingError(
    'AXON_WRONG_HOTKEY',
    `the axon dialled for ${hotkey} ${what}`,
    'the address on chain may be out of date',
  )
}
