import { hexToU8a, u8aEq, u8aToHex } from '@polkadot/util'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { encryptionOf } from './encryption.ts'
import {
  canonicalFromSecret,
  type KeyPair,
  pairFromMnemonic,
  pairFromSeed,
  secretFromCanonical,
} from './keys.ts'
import { publicKeyOf, type Signer, signerFromPair, verifySignature } from './signer.ts'

const PROBE = new TextEncoder().encode('key file self-check')

const text = z.string().trim()
const fileSchema = z.looseObject({
  publicKey: text.optional(),
  accountId: text.optional(),
  privateKey: text.optional(),
  secretPhrase: text.optional(),
  secretSeed: text.optional(),
  ss58Address: text.optional(),
  // Written by some versions in place of ss58Address.
  ' ss58Address': text.optional(),
})
type KeyFile = z.infer<typeof fileSchema>

/**
 * The signer in the bytes of a Bittensor key file: the flat JSON object, a bare 64-digit hex seed, or a bare phrase.
 * The secret is taken from secretPhrase, else secretSeed, else privateKey, and must belong to the address that the
 * file states.
 *
 * Throws `WALLET_ENCRYPTED`, `WALLET_INVALID`, `WALLET_NO_SECRET` or `WALLET_MISMATCH`; never quotes the contents.
 * @param label how messages name the file
 */
export function parseKeyFile(contents: Uint8Array, label: string): Signer {
  const encryption = encryptionOf(contents)
  if (encryption !== undefined) {
    throw new StarlingError(
      'WALLET_ENCRYPTED',
      `${label} is encrypted (${encryption})`,
      'use an unencrypted hotkey (btcli writes hotkeys so by default); a coldkey never belongs on this machine',
    )
  }
  const body = decodeText(contents, label)
  if (!body.startsWith('{')) return bareSigner(body, label)
  const file = parseJson(body, label)
  const pair = pairOf(file, label)
  const signer = signerFromPair(pair.publicKey, pair.secretKey)
  assertOwnAddress(signer, file, label)
  return signer
}

/**
 * The JSON text that `btcli` writes for an unencrypted key.
 * @param phrase 12 or 24 words that derive the key
 */
export function formatKeyFile(
  phrase: string,
  seed: Uint8Array,
): { secret: string; public: string; signer: Signer } {
  const pair = pairFromSeed(seed)
  const signer = signerFromPair(pair.publicKey, pair.secretKey)
  const hex = u8aToHex(pair.publicKey)
  const open = { accountId: hex, publicKey: hex, ss58Address: signer.address }
  const privateKey = u8aToHex(canonicalFromSecret(pair.secretKey))
  const secret = { ...open, privateKey, secretPhrase: phrase, secretSeed: u8aToHex(seed) }
  return { secret: JSON.stringify(secret), public: JSON.stringify(open), signer }
}

function decodeText(contents: Uint8Array, label: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(contents).trim()
  } catch {
    throw invalid(label, 'is not text')
  }
}

function bareSigner(body: string, label: string): Signer {
  const seed = hexBytes(body, 32)
  const pair = seed === undefined ? pairFromMnemonic(body) : pairFromSeed(seed)
  if (pair === undefined) throw invalid(label, 'is neither key file JSON nor a seed nor a phrase')
  return signerFromPair(pair.publicKey, pair.secretKey)
}

function parseJson(body: string, label: string): KeyFile {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw invalid(label, 'is not valid JSON')
  }
  if (typeof value === 'object' && value !== null && 'encoded' in value && 'encoding' in value) {
    throw invalid(label, 'is a polkadot.js export, not a Bittensor key file')
  }
  const parsed = fileSchema.safeParse(value)
  if (!parsed.success) throw invalid(label, 'has fields that are not text')
  return parsed.data
}

function pairOf(file: KeyFile, label: string): KeyPair {
  if (file.secretPhrase) {
    const pair = pairFromMnemonic(file.secretPhrase)
    if (pair === undefined) throw invalid(label, 'has a secretPhrase that is not a BIP39 phrase')
    return pair
  }
  if (file.secretSeed) {
    const seed = hexBytes(file.secretSeed, 32)
    if (seed === undefined) throw invalid(label, 'has a secretSeed that is not 32 bytes of hex')
    return pairFromSeed(seed)
  }
  if (file.privateKey) return pairOfPrivateKey(file, file.privateKey, label)
  throw new StarlingError(
    'WALLET_NO_SECRET',
    `${label} holds no secret`,
    'give the hotkey file, not its pub.txt',
  )
}

/** wasm-crypto cannot derive a public key from an expanded secret, so it is read from the file and then proved. */
function pairOfPrivateKey(file: KeyFile, privateKey: string, label: string): KeyPair {
  const canonical = hexBytes(privateKey, 64)
  if (canonical === undefined) throw invalid(label, 'has a privateKey that is not 64 bytes of hex')
  const publicKey = publicKeyOf(statedAddress(file) ?? '') ?? hexBytes(file.publicKey ?? '', 32)
  if (publicKey === undefined) throw invalid(label, 'has a privateKey without publicKey or ss58Address')
  const pair = { publicKey, secretKey: secretFromCanonical(canonical) }
  const signer = signerFromPair(pair.publicKey, pair.secretKey)
  if (!verifySignature(PROBE, signer.sign(PROBE), signer.address)) throw mismatch(label, signer.address)
  return pair
}

function assertOwnAddress(signer: Signer, file: KeyFile, label: string): void {
  const stated = statedAddress(file)
  if (stated !== undefined && stated !== signer.address) throw mismatch(label, stated)
  for (const key of [file.publicKey, file.accountId]) {
    const bytes = key === undefined ? undefined : hexBytes(key, 32)
    if (bytes !== undefined && !u8aEq(bytes, signer.publicKey)) throw mismatch(label, u8aToHex(bytes))
  }
}

function statedAddress(file: KeyFile): string | undefined {
  return file.ss58Address ?? file[' ss58Address']
}

function hexBytes(value: string, length: number): Uint8Array | undefined {
  const digits = value.startsWith('0x') ? value.slice(2) : value
  if (digits.length !== length * 2 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined
  return hexToU8a(`0x${digits}`)
}

function invalid(label: string, what: string): StarlingError {
  return new StarlingError('WALLET_INVALID', `${label} ${what}`, 'restore the hotkey file or make a new one')
}

function mismatch(label: string, stated: string): StarlingError {
  return new StarlingError(
    'WALLET_MISMATCH',
    `the secret in ${label} is not the sr25519 key of ${stated}`,
    'restore the hotkey file from a backup; ed25519 hotkeys are not supported',
  )
}
