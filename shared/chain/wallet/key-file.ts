import { hexToU8a, u8aEq, u8aToHex } from '@polkadot/util'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { encryptionOf } from './encryption.ts'
import {
  canonicalFromSecret,
  ed25519PublicKey,
  type KeyPair,
  pairFromPrivateKey,
  pairFromSeed,
  seedOfMnemonic,
} from './keys.ts'
import { publicKeyOf, type Signer, signerFromPair } from './signer.ts'

// Older writers put null where they had nothing.
const text = z.string().trim().nullish()
const fileSchema = z.looseObject({
  publicKey: text,
  accountId: text,
  privateKey: text,
  secretPhrase: text,
  secretSeed: text,
  ss58Address: text,
  // Written by some versions in place of ss58Address.
  ' ss58Address': text,
  /** 1 sr25519, 0 ed25519; writers disagree on number or text, and some on the value. */
  cryptoType: z.union([z.number(), z.string()]).nullish(),
  /** Only in files of accounts that rotate their keys. */
  hashedDescriptor: z.unknown().optional(),
})
type KeyFile = z.infer<typeof fileSchema>

/** What a key file gives to sign with: the seed is unknown where only the expanded private key is there. */
interface Secret {
  pair: KeyPair
  seed: Uint8Array | undefined
}

/**
 * The signer in the plain bytes of a Bittensor key file: the flat JSON object, a bare seed (64 hex digits), a bare private
 * key (128), or a bare phrase. The secret is taken from secretPhrase, else secretSeed, else privateKey, and must be the
 * sr25519 key of the address that the file states.
 *
 * Throws `WALLET_ENCRYPTED`, `WALLET_INVALID`, `WALLET_NO_SECRET`, `WALLET_KEY_TYPE` or `WALLET_MISMATCH`; never quotes
 * the contents.
 * @param label how messages name the file
 */
export function parseKeyFile(contents: Uint8Array, label: string): Signer {
  const encryption = encryptionOf(contents)
  if (encryption !== undefined) {
    throw new StarlingError(
      'WALLET_ENCRYPTED',
      `${label} is encrypted (${encryption})`,
      'make the file anew from its phrase, with btcli wallet regen-hotkey: unencrypted, or in NaCl form',
    )
  }
  const body = decodeText(contents, label)
  if (!body.startsWith('{')) return signerOf(bareSecret(body, label))
  const file = parseJson(body, label)
  assertKeyType(file, label)
  const secret = secretOf(file, label)
  assertOwnAddress(secret, file, label)
  return signerOf(secret)
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

function bareSecret(body: string, label: string): Secret {
  const privateKey = hexBytes(body, 64)
  if (privateKey !== undefined) return secretOfPrivateKey(privateKey, label)
  const seed = hexBytes(body, 32) ?? seedOfMnemonic(body)
  if (seed === undefined)
    throw invalid(label, 'is neither key file JSON nor a seed, a private key or a phrase')
  return { pair: pairFromSeed(seed), seed }
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

/** Refuses kinds of accounts that only their own signing schemes serve. */
function assertKeyType({ cryptoType, hashedDescriptor }: KeyFile, label: string): void {
  const code = Number(cryptoType ?? 1)
  if ((hashedDescriptor ?? undefined) === undefined && (code === 0 || code === 1)) return
  throw wrongKeyType(label, `a key of crypto type ${code}`)
}

function secretOf(file: KeyFile, label: string): Secret {
  if (file.secretPhrase) {
    const seed = seedOfMnemonic(file.secretPhrase)
    if (seed === undefined) throw invalid(label, 'has a secretPhrase that is not a BIP39 phrase')
    return { pair: pairFromSeed(seed), seed }
  }
  if (file.secretSeed) {
    const seed = hexBytes(file.secretSeed, 32)
    if (seed === undefined) throw invalid(label, 'has a secretSeed that is not 32 bytes of hex')
    return { pair: pairFromSeed(seed), seed }
  }
  if (file.privateKey) {
    if (hexBytes(file.privateKey, 32) !== undefined) throw wrongKeyType(label, 'an ed25519 key')
    const privateKey = hexBytes(file.privateKey, 64)
    if (privateKey === undefined) throw invalid(label, 'has a privateKey that is not 64 bytes of hex')
    return secretOfPrivateKey(privateKey, label)
  }
  throw new StarlingError(
    'WALLET_NO_SECRET',
    `${label} holds no secret`,
    'give the hotkey file, not its pub.txt',
  )
}

function secretOfPrivateKey(privateKey: Uint8Array, label: string): Secret {
  const pair = pairFromPrivateKey(privateKey)
  if (pair === undefined) throw invalid(label, 'has a private key that is no sr25519 scalar')
  return { pair, seed: undefined }
}

/** The stated address is the truth about which key the file holds; the stated crypto type is a hint at most. */
function assertOwnAddress({ pair, seed }: Secret, file: KeyFile, label: string): void {
  const address = file.ss58Address || file[' ss58Address'] || undefined
  const keys = [file.publicKey, file.accountId].flatMap((hex) => (hex ? [hexBytes(hex, 32)] : []))
  const stated = address === undefined ? keys : [publicKeyOf(address), ...keys]
  const isAll = (key: Uint8Array) => stated.every((other) => other !== undefined && u8aEq(other, key))
  if (stated.length === 0 && Number(file.cryptoType ?? 1) === 0) throw wrongKeyType(label, 'an ed25519 key')
  if (isAll(pair.publicKey)) return
  if (seed !== undefined && isAll(ed25519PublicKey(seed))) throw wrongKeyType(label, 'an ed25519 key')
  throw new StarlingError(
    'WALLET_MISMATCH',
    `the secret in ${label} is not the sr25519 key of ${address || 'its own publicKey'}`,
    'restore the hotkey file from a backup',
  )
}

function signerOf({ pair }: Secret): Signer {
  return signerFromPair(pair.publicKey, pair.secretKey)
}

function hexBytes(value: string, length: number): Uint8Array | undefined {
  const digits = value.startsWith('0x') ? value.slice(2) : value
  if (digits.length !== length * 2 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined
  return hexToU8a(`0x${digits}`)
}

function invalid(label: string, what: string): StarlingError {
  return new StarlingError('WALLET_INVALID', `${label} ${what}`, 'restore the hotkey file or make a new one')
}

function wrongKeyType(label: string, what: string): StarlingError {
  return new StarlingError(
    'WALLET_KEY_TYPE',
    `${label} holds ${what}`,
    'make an sr25519 hotkey, btcli’s default',
  )
}
