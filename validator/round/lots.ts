import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import { toHex } from '../../shared/proof/hash.ts'

/** Output and proof as the journal keeps them. */
export function vrfHex({ output, proof }: VrfResult): string {
  return toHex(Buffer.concat([output, proof]))
}
