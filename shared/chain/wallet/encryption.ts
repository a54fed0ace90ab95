import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { argon2i } from 'hash-wasm'

/** How a key file is encrypted, by its first bytes. */
export type Encryption = 'NaCl' | 'Ansible vault' | 'Fernet'

const NACL_PREFIX = '$NACL'
const PREFIXES: readonly (readonly [string, Encryption])[] = [
  [NACL_PREFIX, 'NaCl'],
  ['$ANSIBLE_VAULT', 'Ansible vault'],
  ['gAAAAA', 'Fernet'],
]

const NONCE_BYTES = 24
const TAG_BYTES = 16

// btwallet's parameters, which are libsodium's argon2i "sensitive" ones: about seven seconds and 512 MiB. The salt is the
// same for all, so a password guessed for one file is guessed for all that share it.
const SALT = Uint8Array.from([19, 113, 131, 223, 241, 90, 9, 188, 156, 144, 181, 81, 135, 57, 233, 177])
const ARGON2I = { salt: SALT, iterations: 8, memorySize: 524_288, parallelism: 1, hashLength: 32 }

/** The encryption that a key file's first bytes announce, or undefined for a plain file. */
export function encryptionOf(contents: Uint8Array): Encryption | undefined {
  const start = Buffer.from(contents.subarray(0, 16)).toString('latin1')
  return PREFIXES.find(([prefix]) => start.startsWith(prefix))?.[1]
}

/** The plain bytes of a file that begins with `$NACL`, or undefined when the password is wrong or the file damaged. */
export async function openNaclFile(contents: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const sealed = contents.subarray(NACL_PREFIX.length)
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const key = await keyOf(password)
  try {
    return xsalsa20poly1305(key, sealed.subarray(0, NONCE_BYTES)).decrypt(sealed.subarray(NONCE_BYTES))
  } catch {
    return undefined
  }
}

/**
 * A file that {@link openNaclFile} and btcli open: `$NACL`, nonce, secretbox.
 * @param nonce 24 random bytes, never used twice
 */
export async function sealNaclFile(
  plain: Uint8Array,
  password: string,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  const sealed = xsalsa20poly1305(await keyOf(password), nonce).encrypt(plain)
  return Uint8Array.from(Buffer.concat([Buffer.from(NACL_PREFIX), nonce, sealed]))
}

function keyOf(password: string): Promise<Uint8Array> {
  return argon2i({ ...ARGON2I, password, outputType: 'binary' })
}
