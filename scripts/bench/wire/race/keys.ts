import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'

export const serverKey = (seed: number): Signer => signerFromUri(`//wire//${seed}//server`)
export const clientKey = (seed: number): Signer => signerFromUri(`//wire//${seed}//client`)
