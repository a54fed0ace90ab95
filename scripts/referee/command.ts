import { homedir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { wholeNumber } from '../../shared/process/operator-flags.ts'
import { runCheck } from './check.ts'
import { runCut } from './cut.ts'
import { runHear } from './hear.ts'

/** `referee …`: hears disputes about answers, and checks the records of others. */
export function refereeCommand(): Command {
  const cut = new Command('case')
    .description('Cut a case from a published round, after the round has passed its audit.')
    .argument('<round>', 'file of the round')
    .requiredOption('--challenge <n>', 'index of the challenge', wholeNumber)
    .requiredOption('--miner <hotkey>', 'ss58 address of whose answer it is')
    .requiredOption('--out <file>', 'where the case goes')
    .option('--position <n>', 'token in dispute (default: the one that the validator rejected)', wholeNumber)
    .option(
      '--challenger <hotkey>',
      'who says that the model did not choose it (default: the round’s validator)',
    )
    .action(runCut)
  const hear = new Command('hear')
    .description('Hear both sides of a case, re-run one operator, and write the record.')
    .argument('<case>', 'the case, as `referee case` cuts it')
    .requiredOption(
      '--challenger <ip:port>',
      'where the challenger listens (a validator’s --dispute.port); wss://ip:port for TLS',
    )
    .requiredOption('--defender <ip:port>', 'where the defender listens (a miner’s axon), likewise')
    .requiredOption('--out <file>', 'where the record goes')
    .option('--registry <file>', 'registry of declared models', 'models/registry.json')
    .option('--insist', 'count it as silence where a side has no room for another dispute', false)
    .addOption(
      new Option('--wallet.name <name>', 'wallet of the referee').env('BT_WALLET_NAME').default('default'),
    )
    .addOption(
      new Option('--wallet.hotkey <name>', 'hotkey of the wallet').env('BT_WALLET_HOTKEY').default('default'),
    )
    .addOption(
      new Option('--wallet.path <folder>', 'folder of the wallets')
        .env('BT_WALLET_PATH')
        .default(join(homedir(), '.bittensor', 'wallets'), '~/.bittensor/wallets'),
    )
    .action(runHear)
  const check = new Command('check')
    .description('Hear a recorded case again, offline: every signature, every hash, and the one operator.')
    .argument('<record>', 'what `referee hear` wrote')
    .option('--registry <file>', 'registry of declared models', 'models/registry.json')
    .action(runCheck)
  return new Command('referee')
    .description('Settle disputes about answers, without the model.')
    .addCommand(cut)
    .addCommand(hear)
    .addCommand(check)
}
