import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { mnemonicGenerate, mnemonicToMiniSecret } from '@polkadot/util-crypto'
import { StarlingError } from '../../process/errors.ts'
import { formatKeyFile, parseKeyFile } from './key-file.ts'
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

/**
 * Makes a new hotkey of 12 words and writes it unencrypted, as btcli does: files 0600, folders 0700. An existing file
 * is never overwritten: `WALLET_EXISTS`.
 */
export async function createHotkey(
  options: WalletOptions = {},
): Promise<{ signer: Signer; file: string; mnemonic: string }> {
  const { hotkeysDir, hotkeyFile, hotkeyPubFile } = resolveWallet(options)
  const mnemonic = mnemonicGenerate(12)
  const formatted = formatKeyFile(mnemonic, mnemonicToMiniSecret(mnemonic))
  try {
    await mkdir(hotkeysDir, { recursive: true, mode: 0o700 })
    await writeNewFile(hotkeyFile, formatted.secret)
    await writeNewFile(hotkeyPubFile, formatted.public)
  } catch (cause) {
    throw fileError(cause, 'write', hotkeyFile)
  }
  return { signer: formatted.signer, file: hotkeyFile, mnemonic }
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
    throw fileError(cause, 'read', file)
  }
}

/** Appears whole or not at all, and only where no file was: written aside first, then linked into place. */
async function writeNewFile(file: string, contents: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(`${contents}\n`)
    await handle.sync()
    await link(aside, file)
  } finally {
    await handle.close()
    await rm(aside, { force: true })
  }
}

function fileError(cause: unknown, action: 'read' | 'write', file: string): unknown {
  if (cause instanceof StarlingError || !(cause instanceof Error) || !('code' in cause)) return cause
  const options = { cause }
  if (cause.code === 'ENOENT' && action === 'read') {
    const remedy =
      'check --wallet.path, --wallet.name and --wallet.hotkey, or make one with npm run wallet -- new'
    return new StarlingError('WALLET_NOT_FOUND', `no hotkey file ${file}`, remedy, options)
  }
  if (cause.code === 'EEXIST') {
    return new StarlingError(
      'WALLET_EXISTS',
      `${file} exists already`,
      'choose another --wallet.hotkey',
      options,
    )
  }
  return new StarlingError(
    'WALLET_UNREADABLE',
    `cannot ${action} ${file} (${String(cause.code)})`,
    'check the permissions of the file and its folders',
    options,
  )
}
