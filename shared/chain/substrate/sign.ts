import type { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { ExtrinsicEra } from '@polkadot/types/interfaces'
import type { BlockHeader } from '../chain-client.ts'
import type { Signer } from '../wallet/signer.ts'
import type { Signed } from './inclusion.ts'

/** Type byte of an sr25519 MultiSignature. */
const SR25519 = 1

/** Blocks after which a transaction that is in none can no longer get into one. */
export const MORTAL_BLOCKS = 64

/** A signed transaction, and the first block that it can no longer be in. */
export interface Mortal extends Signed {
  readonly death: number
}

/** Signs a call for the blocks after `birth`, with no word from a node. */
export async function signCall(
  api: ApiPromise,
  signer: Signer,
  call: SubmittableExtrinsic<'promise'>,
  { nonce, birth }: { readonly nonce: number; readonly birth: BlockHeader },
): Promise<Mortal> {
  const era = api.registry.createType<ExtrinsicEra>('ExtrinsicEra', {
    current: birth.number,
    period: MORTAL_BLOCKS,
  })
  // Given an era and a nonce, the library asks the node for nothing.
  const signed = await call.signAsync(keyringPair(signer), { nonce, era, blockHash: birth.hash })
  return {
    name: nameOf(call),
    address: signer.address,
    nonce,
    hash: signed.hash.toHex(),
    encoded: signed.toHex(),
    death: era.asMortalEra.death(birth.number),
  }
}

/** `pallet.call`, in the library’s spelling. */
export function nameOf({ method }: SubmittableExtrinsic<'promise'>): string {
  return `${method.section}.${method.method}`
}

/** What the library signs with: a pair that keeps its secret to itself. */
function keyringPair({ address, publicKey, sign }: Signer) {
  return {
    address,
    addressRaw: publicKey,
    publicKey,
    sign: (message: Uint8Array, options?: { withType?: boolean }) =>
      options?.withType ? Uint8Array.of(SR25519, ...sign(message)) : sign(message),
  }
}
