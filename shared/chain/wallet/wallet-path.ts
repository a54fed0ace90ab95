import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { StarlingError } from '../../process/errors.ts'
import { coldkeyRefused } from './file-error.ts'

/** What `--wallet.name`, `--wallet.hotkey` and `--wallet.path` say; each may be left out. */
export interface WalletOptions {
  name?: string | undefined
  hotkey?: string | undefined
  /** Folder of all wallets. */
  path?: string | undefined
}

export interface WalletPaths {
  name: string
  hotkey: string
  /** `<path>/<name>/hotkeys` */
  hotkeysDir: string
  hotkeyFile: string
  hotkeyPubFile: string
  /** `<path>/<name>/coldkey`: its place only, it is never opened. */
  coldkeyFile: string
  /** `<path>/<name>/coldkeypub.txt` */
  coldkeyPubFile: string
}

/**
 * Where a hotkey lies, in Bittensor's layout `<path>/<name>/hotkeys/<hotkey>`. A flag wins over the environment
 * (BT_WALLET_NAME, BT_WALLET_HOTKEY, BT_WALLET_PATH), which wins over `default` and `~/.bittensor/wallets`.
 * Throws `WALLET_NAME_INVALID` for a name that would leave the folder, `WALLET_COLDKEY` for one that means a coldkey.
 */
export function resolveWallet(
  options: WalletOptions = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): WalletPaths {
  const root = options.path ?? env.BT_WALLET_PATH ?? join('~', '.bittensor', 'wallets')
  for (const given of [options.hotkey ?? env.BT_WALLET_HOTKEY ?? '', root]) {
    if (basename(given).toLowerCase() === 'coldkey') throw coldkeyRefused(given)
  }
  const name = checkedName(options.name ?? env.BT_WALLET_NAME ?? 'default')
  const hotkey = checkedName(options.hotkey ?? env.BT_WALLET_HOTKEY ?? 'default')
  const folder = join(expandHome(root, home), name)
  const hotkeysDir = join(folder, 'hotkeys')
  return {
    name,
    hotkey,
    hotkeysDir,
    hotkeyFile: join(hotkeysDir, hotkey),
    hotkeyPubFile: join(hotkeysDir, `${hotkey}pub.txt`),
    coldkeyFile: join(folder, 'coldkey'),
    coldkeyPubFile: join(folder, 'coldkeypub.txt'),
  }
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name) && !/^\.+$/.test(name)) return name
  throw new StarlingError(
    'WALLET_NAME_INVALID',
    `wallet or hotkey name ${JSON.stringify(name)} is not allowed`,
    'use 1 to 64 letters, digits, dots, dashes and underscores',
  )
}

function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(path)
}
