import { stat } from 'node:fs/promises'
import { readHotkey } from '../../chain/wallet/load-hotkey.ts'
import { resolveWallet, type WalletOptions } from '../../chain/wallet/wallet-path.ts'
import type { WalletFacts } from '../checks/wallet.ts'
import { within } from '../within.ts'

/** Opening an encrypted file takes several seconds. */
const READ_MS = 60_000

/** Looks at the hotkey of a wallet; the coldkey's file is not opened, nor is anybody asked for a password. @throws StarlingError WALLET_NAME_INVALID, WALLET_COLDKEY */
export async function walletFacts(
  options: WalletOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<WalletFacts> {
  const { hotkeyFile, coldkeyFile } = resolveWallet(options, env)
  const hotkey = await within(READ_MS, 'the hotkey file', async () => {
    const { signer, encryption } = await readHotkey(options, { env, ask: undefined })
    return { address: signer.address, encrypted: encryption !== undefined }
  })
  const [hotkeyMode, coldkeyMode] = await Promise.all([modeOf(hotkeyFile), modeOf(coldkeyFile)])
  return { hotkey, hotkeyFile, hotkeyMode, coldkeyFile, coldkeyMode }
}

async function modeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mode
}
