import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { addressOf, publicKeyOf, verifySignature, verifyVrf } from '../../../shared/chain/wallet/signer.ts'

const alice = signerFromUri('//Alice')
const bytes = (text: string) => new TextEncoder().encode(text)

describe('signer', () => {
  it('derives the well-known development accounts', () => {
    expect(alice.address).toBe('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY')
    expect(signerFromUri('//Bob').address).toBe('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty')
    expect(() => signerFromUri('not a phrase//x')).toThrow(/does not parse/)
  })

  it('accepts its own signature over the exact bytes only', () => {
    const signature = alice.sign(bytes('message'))
    expect(signature).toHaveLength(64)
    expect(verifySignature(bytes('message'), signature, alice.address)).toBe(true)
    expect(verifySignature(bytes('message!'), signature, alice.address)).toBe(false)
    expect(verifySignature(bytes('message'), signature, signerFromUri('//Bob').address)).toBe(false)
  })

  it('does not take a signature over the wrapped message, in either direction', () => {
    const wrapped = bytes('<Bytes>message</Bytes>')
    expect(verifySignature(wrapped, alice.sign(bytes('message')), alice.address)).toBe(false)
    expect(verifySignature(bytes('message'), alice.sign(wrapped), alice.address)).toBe(false)
  })

  it('refuses malformed signatures and addresses without throwing', () => {
    const signature = alice.sign(bytes('message'))
    const prefixed = Uint8Array.of(1, ...signature)
    for (const wrong of [new Uint8Array(0), new Uint8Array(64), signature.subarray(0, 63), prefixed]) {
      expect(verifySignature(bytes('message'), wrong, alice.address)).toBe(false)
    }
    const polkadotPrefix = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'
    for (const address of ['', 'abc', `${alice.address}x`, polkadotPrefix, `0x${'d4'.repeat(32)}`]) {
      expect(publicKeyOf(address)).toBeUndefined()
      expect(verifySignature(bytes('message'), signature, address)).toBe(false)
    }
  })

  it('takes nothing from the key of zeros, under which anybody can sign', () => {
    const nobody = addressOf(new Uint8Array(32))
    const anybodys = Uint8Array.of(...new Uint8Array(63), 0x80)
    expect(verifySignature(bytes('message'), anybodys, nobody)).toBe(false)
    const proof = { output: new Uint8Array(32), proof: new Uint8Array(64) }
    expect(verifyVrf(bytes('message'), proof, nobody)).toBe(false)
  })

  it('reads an address again after its key was scribbled over', () => {
    publicKeyOf(alice.address)!.fill(0)
    expect(publicKeyOf(alice.address)).toEqual(alice.publicKey)
  })

  it('shows no secret when printed', () => {
    expect(Object.keys(JSON.parse(JSON.stringify(alice)))).toEqual(['address', 'publicKey'])
  })
})
