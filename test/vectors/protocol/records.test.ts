import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { fromHex, toHex } from '../../../shared/proof/hash.ts'
import { signedBytes } from '../../../shared/protocol/btauth.ts'
import { helloMessage } from '../../../shared/protocol/hello.ts'
import { createKeyExchange } from '../../../shared/protocol/key-exchange.ts'
import { upgradeTarget } from '../../../shared/protocol/upgrade-target.ts'

/** A pair of one private key, 32 bytes of `fill`. */
function pairOf(fill: number) {
  const head = Buffer.from('302e020100300506032b656e04220420', 'hex')
  const der = Buffer.concat([head, Buffer.alloc(32, fill)])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** The vector as the documentation has it. */
function documented(): Record<string, string> {
  const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
  const [, json] = /### Vector of a record[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? []
  return JSON.parse(json ?? '{}')
}

const [alice, bob] = [signerFromUri('//Alice'), signerFromUri('//Bob')]
const [dialler, listener] = [createKeyExchange(pairOf(0x11)), createKeyExchange(pairOf(0x22))]
const upgrade = signedBytes({
  scheme: 'sr25519',
  method: 'GET',
  target: upgradeTarget('/starling/6', dialler.publicKey),
  body: new Uint8Array(0),
  nonce: '1752076800000000000',
  sender: alice.address,
  receiver: bob.address,
})
const hello = helloMessage(upgrade, { version: 6, hotkey: bob.publicKey, key: listener.publicKey })
const transcript = { upgrade, hello }

describe('records of two fixed keys', () => {
  it('are these bytes', () => {
    const ours = dialler.records(listener.publicKey, transcript, 'dialler')
    const theirs = listener.records(dialler.publicKey, transcript, 'listener')
    const made = {
      diallerKey: toHex(dialler.publicKey),
      listenerKey: toHex(listener.publicKey),
      helloMessage: toHex(hello),
      diallerRecord0: toHex(ours.seal([Uint8Array.of(1, 2, 3), Uint8Array.of(4)])),
      diallerRecord1: toHex(ours.seal([Uint8Array.of(5)])),
      listenerRecord0: toHex(theirs.seal([Uint8Array.of(1, 2, 3)])),
    }
    const { secret, diallerSeals, listenerSeals, ...records } = documented()
    expect(made).toStrictEqual(records)
    expect([secret, diallerSeals, listenerSeals].every((hex) => /^0x[0-9a-f]{64}$/.test(hex ?? ''))).toBe(
      true,
    )
  })

  it('are sealed with what HKDF makes of the secret', async () => {
    const { createHash, createDecipheriv } = await import('node:crypto')
    const { secret, diallerSeals, listenerSeals, diallerRecord1 } = documented()
    const info = Buffer.concat([Buffer.from('starling/records/v1'), hello])
    const salt = createHash('sha256').update(upgrade).digest()
    const keys = Buffer.from(hkdfSync('sha256', fromHex(secret!), salt, info, 64))
    expect([toHex(keys.subarray(0, 32)), toHex(keys.subarray(32))]).toStrictEqual([
      diallerSeals,
      listenerSeals,
    ])
    const record = fromHex(diallerRecord1!)
    const nonce = Buffer.from('000000000100000000000000', 'hex')
    const decipher = createDecipheriv('aes-256-gcm', fromHex(diallerSeals!), nonce)
    decipher.setAuthTag(record.subarray(-16))
    const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
    expect(plain.toString('hex')).toBe('0100000005')
  })
})
