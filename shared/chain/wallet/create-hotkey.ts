import { randomBytes, randomUUID } from 'node:crypto'
import { link, lstat, mkdir, open, rm } from 'node:fs/promises'
import { mnemonicGenerate, mnemonicToMiniSecret } from '@polkadot/util-crypto'
import { sealNaclFile } from './encryption.ts'
import { keyFileError, walletExists } from './file-error.ts'
import { formatKeyFile } from './key-file.ts'
import type { Signer } from './signer.ts'
import { resolveWallet, type WalletOptions, type WalletPaths } from './wallet-path.ts'

/**
 * Makes a new hotkey of 12 words and writes it, unencrypted as btcli does unless there is a password: files 0600, folders
 * 0700. An existing file is never overwritten: `WALLET_EXISTS`.
 */
export async function createHotkey(
  options: WalletOptions = {},
  password?: string,
): Promise<{ signer: Signer; file: string; mnemonic: string }> {
  const paths = resolveWallet(options)
  await assertFree(paths)
  const { hotkeysDir, hotkeyFile, hotkeyPubFile } = paths
  const mnemonic = mnemonicGenerate(12)
  const formatted = formatKeyFile(mnemonic, mnemonicToMiniSecret(mnemonic))
  const plain = Buffer.from(`${formatted.secret}\n`)
  const contents = password === undefined ? plain : await sealNaclFile(plain, password, randomBytes(24))
  try {
    await mkdir(hotkeysDir, { recursive: true, mode: 0o700 })
    await writeNewFile(hotkeyFile, contents)
    await writeNewFile(hotkeyPubFile, Buffer.from(`${formatted.public}\n`))
  } catch (cause) {
    throw keyFileError(cause, 'write', hotkeyFile)
  }
  return { signer: formatted.signer, file: hotkeyFile, mnemonic }
}

/** Throws `WALLET_EXISTS` when one of a hotkey's two files is there already. */
export async function assertFree({ hotkeyFile, hotkeyPubFile }: WalletPaths): Promise<void> {
  for (const file of [hotkeyFile, hotkeyPubFile]) {
    const found = await lstat(file).catch(() => undefined)
    if (found !== undefined) throw walletExists(file)
  }
}

/** Appears whole or not at all, and only where no file was: written aside first, then linked into place. */
async function writeNewFile(file: string, contents: Uint8Array): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(contents)
    await handle.sync()
    await link(aside, file)
  } finally {
    await handle.close()
    await rm(aside, { force: true })
  }
}
