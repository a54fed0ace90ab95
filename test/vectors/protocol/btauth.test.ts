import { DEV_PHRASE } from '@polkadot/keyring'
import {
  ed25519PairFromSeed,
  ed25519Sign,
  encodeAddress,
  keyExtractSuri,
  keyFromPath,
  mnemonicToMiniSecret,
} from '@polkadot/util-crypto'
import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { signedBytes } from '../../../shared/protocol/btauth.ts'

// Golden vectors: https://github.com/RaoFoundation/subtensor/blob/main/docs/guides/signed-requests.mdx
const request = {
  method: 'POST',
  target: '/generate?stream=false',
  body: new TextEncoder().encode('{"prompt": "hello"}'),
  nonce: '1752076800000000000',
  receiver: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
}

describe('btauth/1 golden vectors', () => {
  it('signs exactly these bytes with sr25519', () => {
    const alice = signerFromUri('//Alice')
    const payload = signedBytes({ ...request, scheme: 'sr25519', sender: alice.address })
    expect(new TextDecoder().decode(payload)).toBe(
      [
        'btauth/1',
        'sr25519',
        'POST',
        '/generate?stream=false',
        '341c57448e531310fbbe83f44cea2a5e838bd9e8a6b82b269f01d0dbbc23c3cc',
        '1752076800000000000',
        '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
      ].join('\n'),
    )
    const signature = alice.sign(payload)
    expect(verifySignature(payload, signature, alice.address)).toBe(true)
    expect(verifySignature(payload.subarray(1), signature, alice.address)).toBe(false)
  })

  it('gives the pinned ed25519 signature over the same layout', () => {
    const { path } = keyExtractSuri(`${DEV_PHRASE}//Alice`)
    const seed = mnemonicToMiniSecret(DEV_PHRASE)
    const pair = keyFromPath(ed25519PairFromSeed(seed), path, 'ed25519')
    const sender = encodeAddress(pair.publicKey, 42)
    expect(sender).toBe('5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu')
    const payload = signedBytes({ ...request, scheme: 'ed25519', sender })
    expect(Buffer.from(ed25519Sign(payload, pair)).toString('hex')).toBe(
      '1a6b631988bf1f7ea093ab9d5acf61f05c316d0b0e428b24b487b75a5f6ee0e1' +
        'a56a26918fdf871b6cf09437e6588023a4ce423cf622621b2a7feee17612f704',
    )
  })
})
