import { readFile, realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { coldkeyRefused, keyFileError } from './file-error.ts'
import { publicKeyOf } from './signer.ts'
import type { WalletPaths } from './wallet-path.ts'

const publicSchema = z.looseObject({
  ss58Address: z.string().optional(),
  // As in key files, an old misspelling.
  ' ss58Address': z.string().optional(),
})

/**
 * Throws `WALLET_COLDKEY` when the hotkey file is a link to a coldkey, before a byte of it is read. A file that is not
 * there passes: opening it says so.
 */
export async function assertNotColdkey({ hotkeyFile, coldkeyFile }: WalletPaths): Promise<void> {
  const real = await realpath(hotkeyFile).catch(() => hotkeyFile)
  if (basename(real).toLowerCase() === 'coldkey') throw coldkeyRefused(hotkeyFile)
  const [hot, cold] = await Promise.all([inodeOf(hotkeyFile), inodeOf(coldkeyFile)])
  if (hot !== undefined && hot === cold) throw coldkeyRefused(hotkeyFile)
}

/**
 * The coldkey's address from `coldkeypub.txt`, which holds no secret; undefined when there is no such file. For display:
 * nothing proves it. Throws `WALLET_INVALID` when the file holds no address, `WALLET_UNREADABLE` when it cannot be read.
 */
export async function coldkeyAddress({ coldkeyPubFile }: WalletPaths): Promise<string | undefined> {
  let text: string
  try {
    text = await readFile(coldkeyPubFile, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw keyFileError(cause, 'read', coldkeyPubFile)
  }
  const address = addressIn(text)
  if (address !== undefined && publicKeyOf(address) !== undefined) return address
  throw new StarlingError(
    'WALLET_INVALID',
    `${coldkeyPubFile} holds no ss58 address`,
    'restore it from a backup, or move it away',
  )
}

function addressIn(text: string): string | undefined {
  try {
    const file = publicSchema.parse(JSON.parse(text))
    return file.ss58Address ?? file[' ss58Address']
  } catch {
    return undefined
  }
}

async function inodeOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found === undefined ? undefined : `${found.dev}:${found.ino}`
}
