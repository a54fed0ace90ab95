import { Command } from 'commander'
import { coldkeyAddress } from '../shared/chain/wallet/coldkey.ts'
import { assertFree, createHotkey } from '../shared/chain/wallet/create-hotkey.ts'
import { loadHotkey, readHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import {
  newPasswordOf,
  obscurePassword,
  type PasswordSource,
  passwordVariable,
} from '../shared/chain/wallet/password.ts'
import { terminalAsk, terminalTell } from '../shared/chain/wallet/prompt.ts'
import { verifySignature } from '../shared/chain/wallet/signer.ts'
import { resolveWallet } from '../shared/chain/wallet/wallet-path.ts'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'

interface WalletFlags {
  'wallet.name'?: string
  'wallet.hotkey'?: string
  'wallet.path'?: string
  json: boolean
}

const source: PasswordSource = { env: process.env, ask: terminalAsk(), tell: terminalTell() }

export const command = new Command('wallet').description(
  'Makes, shows and uses hotkeys in Bittensor’s layout. Never opens a coldkey.',
)

walletCommand('new', 'Makes a new hotkey and prints its phrase once.')
  .option('--encrypt', 'encrypt the file with a password', false)
  .action(async (flags: WalletFlags & { encrypt: boolean }) => {
    const paths = resolveWallet(walletOf(flags))
    // Before anybody is asked for a password.
    await assertFree(paths)
    const target = paths.hotkeyFile
    const password = flags.encrypt ? await newPasswordOf(target, target, source) : undefined
    const { signer, file, mnemonic } = await createHotkey(walletOf(flags), password)
    print(flags, { address: signer.address, file, phrase: mnemonic })
    if (!flags.json) process.stderr.write('Write the phrase down: it is the only copy outside of the file.\n')
  })

walletCommand('show', 'Prints the address of a hotkey, after checking that its secret fits.').action(
  async (flags: WalletFlags) => {
    const paths = resolveWallet(walletOf(flags))
    const { signer, encryption } = await readHotkey(walletOf(flags), source)
    const coldkey = await coldkeyAddress(paths)
    print(flags, {
      address: signer.address,
      file: paths.hotkeyFile,
      encryption: encryption ?? 'none',
      ...(coldkey !== undefined && { coldkey }),
    })
  },
)

walletCommand('sign', 'Signs a message with a hotkey (sr25519, the exact bytes) and prints the signature.')
  .argument('[message]', 'text to sign; standard input when left out')
  .action(async (message: string | undefined, flags: WalletFlags) => {
    const signer = await loadHotkey(walletOf(flags), source)
    const signature = `0x${Buffer.from(signer.sign(await bytesOf(message))).toString('hex')}`
    if (flags.json) print(flags, { address: signer.address, signature })
    else process.stdout.write(`${signature}\n`)
  })

command
  .command('verify')
  .description('Checks a signature of a message; exits with 1 when it is not the address’s.')
  .argument('[message]', 'signed text; standard input when left out')
  .requiredOption('--address <ss58>', 'address that signed')
  .requiredOption('--signature <hex>', '64 bytes of hex')
  .action(async (message: string | undefined, flags: { address: string; signature: string }) => {
    const signature = Buffer.from(flags.signature.replace(/^0x/, ''), 'hex')
    if (!verifySignature(await bytesOf(message), signature, flags.address)) {
      throw new StarlingError('SIGNATURE_INVALID', `this is no signature of that message by ${flags.address}`)
    }
    process.stdout.write('valid\n')
  })

walletCommand('password', 'Prints the environment variable that opens an encrypted hotkey.').action(
  async (flags: WalletFlags) => {
    const { hotkeyFile } = resolveWallet(walletOf(flags))
    const variable = passwordVariable(hotkeyFile)
    const typed = await (source.ask?.(`Password of ${hotkeyFile}: `) ?? bytesOf(undefined).then(String))
    const value = obscurePassword(variable, typed.trim())
    if (flags.json) print(flags, { variable, value })
    else process.stdout.write(`${variable}=${value}\n`)
  },
)

function walletCommand(name: string, description: string): Command {
  return command
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

/** The message's own bytes, or all of standard input. */
async function bytesOf(message: string | undefined): Promise<Buffer> {
  if (message !== undefined) return Buffer.from(message)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function print(flags: WalletFlags, fields: Record<string, string>): void {
  const lines = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
  process.stdout.write(`${flags.json ? JSON.stringify(fields) : lines.join('\n')}\n`)
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
