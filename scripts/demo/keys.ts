import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'

export interface KeyRing {
  readonly coldkey: Signer
  readonly hotkey: Signer
}

/** The key that holds root on a development chain, and pays for everything else. */
export const ROOT_URI = '//Alice'

/**
 * Keys of one participant, derived from the demo's seed so that a run can be repeated; the hotkey is also written as a wallet
 * file, which is all that the participant's own process gets to see.
 */
export function writeKeys(walletFolder: string, seed: number, name: string): KeyRing {
  const secret = (kind: string) =>
    createHash('sha256').update(`starling/demo/${seed}/${name}/${kind}`).digest('hex')
  const folder = join(walletFolder, name, 'hotkeys')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'default'), secret('hotkey'), { mode: 0o600 })
  return { coldkey: signerFromUri(`0x${secret('coldkey')}`), hotkey: signerFromUri(`0x${secret('hotkey')}`) }
}
