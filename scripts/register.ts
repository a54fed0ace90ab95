import { Command } from 'commander'
import { formatTao, parseTao } from '../shared/chain/tao.ts'
import { coldkeyAddress } from '../shared/chain/wallet/coldkey.ts'
import { resolveWallet } from '../shared/chain/wallet/wallet-path.ts'
import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { terminalStep } from '../shared/process/step.ts'
import { addColdkeyFlags, type ColdkeyFlags, hotkeyOf, withChain } from './coldkey/chain-flags.ts'
import { devColdkey } from './coldkey/dev-coldkey.ts'
import { type RegisterOutcome, registerHotkey } from './coldkey/register-hotkey.ts'

interface RegisterFlags extends ColdkeyFlags {
  maxPrice: string
}

export const command = addColdkeyFlags(
  new Command('register').description(
    'Registers a hotkey on a subnet for at most a given price. Never opens a coldkey: prints the call to be signed elsewhere.',
  ),
)
  .requiredOption('--max-price <tao>', 'the most that the registration may cost')
  .option('--coldkey-uri <uri>', 'sign with a development key such as //Alice; for devnets')
  .action(run)

async function run(flags: RegisterFlags): Promise<void> {
  const maxPrice = parseTao(flags.maxPrice)
  const hotkey = await hotkeyOf(flags)
  await withChain(flags, async (chain) => {
    const uri = flags.coldkeyUri
    const coldkey = uri === undefined ? undefined : devColdkey(uri, chain.info())
    const { netuid } = flags
    const outcome = await terminalStep(flags['logging.level'])(
      'waiting for the block that takes the call',
      () => registerHotkey(chain, { netuid, hotkey, maxPrice }, coldkey),
    )
    const payer = outcome.kind === 'unsigned' ? await payerOf(flags) : undefined
    const balance = payer === undefined ? undefined : await chain.balance(payer)
    const lines = describe(outcome, { netuid, hotkey, maxPrice })
    if (payer !== undefined && balance !== undefined)
      lines.push(`coldkey ${payer} holds ${formatTao(balance)} TAO`)
    const facts = {
      netuid,
      hotkey,
      maxPrice,
      ...outcome,
      ...(payer === undefined ? {} : { coldkey: payer, balance }),
    }
    process.stdout.write(`${flags.json ? toJson(facts) : lines.join('\n')}\n`)
  })
}

function describe(
  outcome: RegisterOutcome,
  { netuid, hotkey, maxPrice }: { netuid: number; hotkey: string; maxPrice: bigint },
): string[] {
  switch (outcome.kind) {
    case 'already':
      return [`hotkey ${hotkey} has uid ${outcome.uid} on subnet ${netuid} already`]
    case 'registered':
      return [
        `hotkey ${hotkey} has uid ${outcome.uid} on subnet ${netuid} since block ${outcome.block}`,
        `price ${formatTao(outcome.price)} TAO just before, at most ${formatTao(maxPrice)}`,
      ]
    case 'unsigned':
      return [
        `price ${formatTao(outcome.price)} TAO now, at most ${formatTao(maxPrice)}${outcome.price > maxPrice ? ': the chain would refuse it' : ''}`,
        `call ${outcome.name} ${outcome.call}`,
        'sign it with the coldkey elsewhere: a wallet extension takes the call under Extrinsics, Decode',
        `or, without a cap: btcli subnets register --netuid ${netuid}`,
      ]
  }
}

/** The wallet's coldkey address, where the wallet has one beside the hotkey. */
function payerOf(flags: RegisterFlags): Promise<string | undefined> {
  const { 'wallet.name': name, 'wallet.hotkey': hotkey, 'wallet.path': path } = flags
  return coldkeyAddress(resolveWallet({ name, hotkey, path }))
}

/** JSON with amounts as text: rao do not fit into JSON's numbers. */
function toJson(facts: object): string {
  return JSON.stringify(facts, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
