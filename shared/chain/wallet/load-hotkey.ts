import { open } from 'node:fs/promises'
import { StarlingError } from '../../process/errors.ts'
import { keyFileError } from './file-error.ts'
import { parseKeyFile } from './key-file.ts'
import type { Signer } from './signer.ts'
import { resolveWallet, type WalletOptions } from './wallet-path.ts'

/** Far above any key file; a larger file is something else. */
const MAX_FILE_BYTES = 65_536

/**
 * The hotkey of a wallet, ready to sign. Reads that one file only, never the coldkey.
 * Throws `WALLET_NOT_FOUND`, `WALLET_UNREADABLE` and the errors of {@link parseKeyFile}.
 */
export async function loadHotkey(options: WalletOptions = {}): Promise<Signer> {
  const { hotkeyFile } = resolveWallet(options)
  return parseKeyFile(await readSmallFile(hotkeyFile), `hotkey file ${hotkeyFile}`)
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
