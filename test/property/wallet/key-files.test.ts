import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKeyFile } from '../../../shared/chain/wallet/key-file.ts'
import {
  canonicalFromSecret,
  ed25519PublicKey,
  pairFromPrivateKey,
  pairFromSeed,
} from '../../../shared/chain/wallet/keys.ts'
import { signerFromPair, verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`

describe('private keys', () => {
  it('in canonical form derive the public key of their seed, and sign as it', () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, message) => {
        const own = pairFromSeed(seed)
        const derived = pairFromPrivateKey(canonicalFromSecret(own.secretKey))!
        expect(derived).toEqual(own)
        const signer = signerFromPair(derived.publicKey, derived.secretKey)
        expect(verifySignature(message, signer.sign(message), signer.address)).toBe(true)
      }),
    )
  })
})

describe('key files', () => {
  const owners = fc
    .record({ seed: seeds, other: seeds })
    .filter(({ seed, other }) => hex(seed) !== hex(other))

  it('give the stated key or none', () => {
    fc.assert(
      fc.property(owners, fc.constantFrom('seed', 'private'), fc.nat(2), (owner, secret, which) => {
        const pair = pairFromSeed(owner.seed)
        const stated = [pair.publicKey, pairFromSeed(owner.other).publicKey, ed25519PublicKey(owner.seed)][
          which
        ]!
        const file = {
          publicKey: hex(stated),
          ...(secret === 'seed'
            ? { secretSeed: hex(owner.seed) }
            : { privateKey: hex(canonicalFromSecret(pair.secretKey)) }),
        }
        const read = () => parseKeyFile(Buffer.from(JSON.stringify(file)), 'x').publicKey
        if (which === 0) expect(read()).toEqual(pair.publicKey)
        else expect(read).toThrow(/is not the sr25519 key|holds an ed25519 key/)
      }),
    )
  })

  it('fail by name, and quote nothing, when bytes change', () => {
    const text = JSON.stringify({ secretSeed: `0x${'5e'.repeat(32)}`, publicKey: `0x${'00'.repeat(32)}` })
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.uint8Array({ maxLength: 6 }), (at, patch) => {
        const bytes = Buffer.from(text)
        bytes.set(patch.subarray(0, bytes.length - at), at)
        try {
          parseKeyFile(bytes, 'x')
        } catch (error) {
          expect(error).toBeInstanceOf(StarlingError)
          expect(String(error)).not.toContain('5e5e')
        }
      }),
      { numRuns: 500 },
    )
  })
})
