import { hexToU8a } from '@polkadot/util'
import { keyExtractSuri, keyFromPath, mnemonicToMiniSecret, sr25519PairFromSeed } from '@polkadot/util-crypto'
import { StarlingError } from '../../process/errors.ts'
import { type Signer, signerFromPair } from './signer.ts'

/** Substrate's public development phrase: everybody holds its keys. */
const DEV_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

/**
 * The signer of a Substrate secret URI such as `//Alice`: an optional phrase or 0x-seed (the public development phrase
 * when left out), then `//hard` and `/soft` derivations. For devnets and tests only.
 * Throws `WALLET_INVALID` when it does not parse.
 */
export function signerFromUri(uri: string): Signer {
  try {
    const { phrase, path } = keyExtractSuri(uri.startsWith('/') ? `${DEV_PHRASE}${uri}` : uri)
    const seed = phrase.startsWith('0x') ? hexToU8a(phrase) : mnemonicToMiniSecret(phrase)
    const { publicKey, secretKey } = keyFromPath(sr25519PairFromSeed(seed), path, 'sr25519')
    return signerFromPair(publicKey, secretKey)
  } catch {
    // The cause is left out on purpose: its message may quote the secret.
    throw new StarlingError('WALLET_INVALID', 'secret URI does not parse', 'use a form such as //Alice')
  }
}
