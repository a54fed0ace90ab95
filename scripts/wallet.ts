import { Command } from 'commander'
import { createHotkey } from '../shared/chain/wallet/create-hotkey.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import { resolveWallet } from '../shared/chain/wallet/wallet-path.ts'
import { runCli } from '../shared/process/cli.ts'

interface WalletFlags {
  'wallet.name'?: string
  'wallet.hotkey'?: string
  'wallet.path'?: string
  json: boolean
}

const program = new Command('wallet').description(
  'Makes and shows hotkeys in Bittensor’s layout. Never opens a coldkey.',
)

walletCommand('new', 'Makes a new hotkey and prints its phrase once.').action(async (flags: WalletFlags) => {
  const { signer, file, mnemonic } = await createHotkey(walletOf(flags))
  const fields = { address: signer.address, file, phrase: mnemonic }
  print(flags, fields)
  if (!flags.json) process.stderr.write('Write the phrase down: it is the only copy outside of the file.\n')
})

walletCommand('show', 'Prints the address of a hotkey, after checking that its secret fits.').action(
  async (flags: WalletFlags) => {
    const { address } = await loadHotkey(walletOf(flags))
    print(flags, { address, file: resolveWallet(walletOf(flags)).hotkeyFile })
  },
)

function walletCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--wallet.name <name>', 'wallet (BT_WALLET_NAME, else default)')
    .option('--wallet.hotkey <name>', 'hotkey of the wallet (BT_WALLET_HOTKEY, else default)')
    .option('--wallet.path <folder>', 'folder of the wallets (BT_WALLET_PATH, else ~/.bittensor/wallets)')
    .option('--json', 'print JSON', false)
}

function walletOf(flags: WalletFlags) {
  return { name: flags['wallet.name'], hotkey: flags['wallet.hotkey'], path: flags['wallet.path'] }
}

function print(flags: WalletFlags, fields: Record<string, string>): void {
  const lines = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
  process.stdout.write(`${flags.json ? JSON.stringify(fields) : lines.join('\n')}\n`)
}

await runCli(program, process.argv)
