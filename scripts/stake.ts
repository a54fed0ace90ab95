import { Command } from 'commander'
import { formatTao, parseTao } from '../shared/chain/tao.ts'
import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { terminalStep } from '../shared/process/step.ts'
import { addColdkeyFlags, type ColdkeyFlags, hotkeyOf, withChain } from './coldkey/chain-flags.ts'
import { devColdkey } from './coldkey/dev-coldkey.ts'

interface StakeFlags extends ColdkeyFlags {
  amount: string
  coldkeyUri: string
}

export const command = new Command('stake').description(
  'Stakes on a hotkey with a development key, or takes stake back. For devnets.',
)

for (const [name, description] of [
  ['add', 'Moves TAO from the coldkey to stake on a hotkey.'],
  ['remove', 'Moves stake on a hotkey back to the coldkey.'],
] as const) {
  addColdkeyFlags(command.command(name).description(description))
    .requiredOption('--amount <tao>', 'how much')
    .requiredOption('--coldkey-uri <uri>', 'development key that signs, such as //Alice')
    .action((flags: StakeFlags) => run(name, flags))
}

async function run(direction: 'add' | 'remove', flags: StakeFlags): Promise<void> {
  const amount = parseTao(flags.amount)
  const hotkey = await hotkeyOf(flags)
  const { netuid } = flags
  await withChain(flags, async (chain) => {
    const coldkey = devColdkey(flags.coldkeyUri, chain.info())
    const stake = { netuid, hotkey, amount }
    const step = terminalStep(flags['logging.level'])
    const { block } = await step('waiting for the block that takes the call', () =>
      direction === 'add' ? chain.addStake(coldkey, stake) : chain.removeStake(coldkey, stake),
    )
    const balance = await chain.balance(coldkey.address)
    const facts = { netuid, hotkey, block: block.number, balance: formatTao(balance) }
    const line = `${formatTao(amount)} TAO ${direction === 'add' ? 'staked on' : 'taken back from'} ${hotkey} in block ${block.number}; the coldkey holds ${facts.balance}`
    process.stdout.write(`${flags.json ? JSON.stringify(facts) : line}\n`)
  })
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
