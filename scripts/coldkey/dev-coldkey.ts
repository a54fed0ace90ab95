import type { ChainInfo } from '../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'

/** Spec name of Subtensor's runtime, on its mainnet, its testnet and local copies alike. */
const SUBTENSOR = 'node-subtensor'

/**
 * The signer of a development key, for chains whose coins are worth nothing. Secrets of real coldkeys do not belong on a
 * command line, so that Subtensor's runtime is refused whatever the key is. Throws `COLDKEY_REFUSED` or `WALLET_INVALID`.
 */
export function devColdkey(uri: string, { specName }: ChainInfo): Signer {
  if (specName !== SUBTENSOR) return signerFromUri(uri)
  throw new StarlingError(
    'COLDKEY_REFUSED',
    `--coldkey-uri is for devnets, and this chain runs ${specName}`,
    'leave it out: the call is printed, to be signed where the coldkey is',
  )
}
