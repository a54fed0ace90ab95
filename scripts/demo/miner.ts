import { Option } from 'commander'
import { type MinerFlags, minerCommand } from '../../miner/flags.ts'
import { runMiner } from '../../miner/run-miner.ts'
import { readModelInfo } from '../../shared/inference/model/folder.ts'
import { runCli } from '../../shared/process/cli.ts'
import { buyAnswers, sellAnswers } from './answer-market.ts'
import { colludingJudge, showAnswers } from './clique.ts'
import type { CliqueStrategy } from './scenario.ts'

interface DemoFlags extends MinerFlags {
  declare?: string
  sell?: string
  buy?: string
  clique?: string
  favour: CliqueStrategy
}

// The honest miner with one thing changed, so that what is caught is the cheat and nothing else.
const command = minerCommand('demo-miner')
  .option('--declare <folder>', 'declare this model, whatever runs')
  .option('--sell <socket>', 'sell answers to a copycat')
  .option('--buy <socket>', 'answer with what another miner sells')
  .option('--clique <folder>', 'show answers to the others of a clique there, and judge for theirs')
  .addOption(
    new Option('--favour <when>', 'judge for the clique on these pairs')
      .choices(['always', 'doubtful'] satisfies CliqueStrategy[])
      .default('always'),
  )
  .action(async ({ declare, sell, buy, clique, favour, ...flags }: DemoFlags) => {
    await runMiner(flags, {
      ...(declare === undefined ? {} : { declares: await readModelInfo(declare) }),
      answerer: (honest, signer) => {
        if (sell !== undefined) sellAnswers(sell, honest)
        if (clique !== undefined) return showAnswers(clique, signer.address, honest)
        return buy === undefined ? honest : buyAnswers(buy)
      },
      judge: (honest, backend, signer) =>
        clique === undefined ? honest : colludingJudge(clique, favour, { honest, backend, signer }),
    })
  })

await runCli(command, process.argv)
