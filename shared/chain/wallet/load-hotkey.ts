import { open } from 'node:fs/promises'
import { StarlingError } from '../../process/errors.ts'
import { assertNotColdkey } from './coldkey.ts'
import { type Encryption, encryptionOf, openNaclFile } from './encryption.ts'
import { keyFileError } from './file-error.ts'
import { parseKeyFile } from './key-file.ts'
import { type PasswordSource, passwordOf } from './password.ts'
import { terminalAsk, terminalTell } from './prompt.ts'
import type { Signer } from './signer.ts'
import { resolveWallet, type WalletOptions } from './wallet-path.ts'

/** Far above any key file; a larger file is something else. */
const MAX_FILE_BYTES = 65_536

/**
 * The hotkey of a wallet, ready to sign. Reads that one file only, never the coldkey. A NaCl file is opened with the
 * password from its environment variable, else from the terminal; it takes 512 MiB and several seconds.
 *
 * Throws `WALLET_NOT_FOUND`, `WALLET_UNREADABLE`, `WALLET_COLDKEY`, `WALLET_PASSWORD_WRONG`, and the errors of
 * `resolveWallet`, `passwordOf` and `parseKeyFile`.
 */
export async function loadHotkey(
  options: WalletOptions = {},
  source: PasswordSource = { env: process.env, ask: terminalAsk(), tell: terminalTell() },
): Promise<Signer> {
  return (await readHotkey(options, source)).signer
}

/** As {@link loadHotkey}, with how the file is encrypted; undefined for a plain file. */
export async function readHotkey(
  options: WalletOptions,
  source: PasswordSource,
): Promise<{ signer: Signer; encryption: Encryption | undefined }> {
  const paths = resolveWallet(options, source.env)
  const label = `hotkey file ${paths.hotkeyFile}`
  await assertNotColdkey(paths)
  const contents = await readSmallFile(paths.hotkeyFile)
  const encryption = encryptionOf(contents)
  if (encryption !== 'NaCl') return { signer: parseKeyFile(contents, label), encryption }
  const password = await passwordOf(paths.hotkeyFile, label, source)
  // In one go, so that no timer can say it later.
  source.tell?.(`opening ${paths.hotkeyFile}, which takes some seconds …`)
  const plain = await openNaclFile(contents, password)
  if (plain === undefined) {
    throw new StarlingError(
      'WALLET_PASSWORD_WRONG',
      `${label} does not open with this password`,
      'check the password; if it is right, restore the file from a backup',
    )
  }
  return { signer: parseKeyFile(plain, label), encryption }
}

async function readSmallFile(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_FILE_BYTES + 1))
      if (bytesRead > MAX_FILE_BYTES) {
        throw new StarlingError('WALLET_INVALID', `hotkey file ${file} is too large for a key`)
      }
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw keyFileError(cause, 'read', file)
  }
}
