import { type MinerFlags, minerCommand } from '../../miner/flags.ts'
import { runMiner } from '../../miner/run-miner.ts'
import { readModelInfo } from '../../shared/inference/model/folder.ts'
import { runCli } from '../../shared/process/cli.ts'
import { buyAnswers, sellAnswers } from './answer-market.ts'

interface DemoFlags extends MinerFlags {
  declare?: string
  sell?: string
  buy?: string
}

// The honest miner with one thing changed, so that what is caught is the cheat and nothing else.
const command = minerCommand('demo-miner')
  .option('--declare <folder>', 'declare this model, whatever runs')
  .option('--sell <socket>', 'sell answers to a copycat')
  .option('--buy <socket>', 'answer with what another miner sells')
  .action(async ({ declare, sell, buy, ...flags }: DemoFlags) => {
    await runMiner(flags, {
      ...(declare === undefined ? {} : { declares: await readModelInfo(declare) }),
      answerer: (honest) => {
        if (sell !== undefined) sellAnswers(sell, honest)
        return buy === undefined ? honest : buyAnswers(buy)
      },
    })
  })

await runCli(command, process.argv)
