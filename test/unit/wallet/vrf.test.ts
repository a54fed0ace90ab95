import { sr25519VrfVerify } from '@polkadot/util-crypto'
import { describe, expect, test } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { toHex } from '../../../shared/proof/hash.ts'

const alice = signerFromUri('//Alice')
const message = new Uint8Array(32).fill(7)
const result = alice.vrf(message)

describe('verifiable random function', () => {
  test('gives one output for one key and message, with proofs that all verify', () => {
    const again = alice.vrf(message)
    expect(toHex(again.output)).toBe(toHex(result.output))
    for (const one of [result, again]) expect(verifyVrf(message, one, alice.address)).toBe(true)
    expect(toHex(alice.vrf(new Uint8Array(32)).output)).not.toBe(toHex(result.output))
    expect(toHex(signerFromUri('//Bob').vrf(message).output)).not.toBe(toHex(result.output))
  })

  test('is refused with any other message, key, output or proof', () => {
    const other = signerFromUri('//Bob')
    expect(verifyVrf(new Uint8Array(32), result, alice.address)).toBe(false)
    expect(verifyVrf(message, result, other.address)).toBe(false)
    expect(verifyVrf(message, { ...result, output: other.vrf(message).output }, alice.address)).toBe(false)
    for (const part of ['output', 'proof'] as const) {
      for (let at = 0; at < result[part].length; at++) {
        const bytes = Uint8Array.from(result[part])
        bytes[at]! ^= 1
        expect(verifyVrf(message, { ...result, [part]: bytes }, alice.address)).toBe(false)
      }
      expect(verifyVrf(message, { ...result, [part]: result[part].slice(1) }, alice.address)).toBe(false)
    }
    expect(verifyVrf(message, result, 'nobody')).toBe(false)
  })

  test('is the one of another implementation of schnorrkel', () => {
    const context = new TextEncoder().encode('starling/vrf/v1')
    const both = Buffer.concat([result.output, result.proof])
    expect(sr25519VrfVerify(message, both, alice.publicKey, context)).toBe(true)
  })
})
