import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { openModel } from '../shared/inference/open-model.ts'
import { checkBackend } from '../shared/inference/openai/check-backend.ts'
import { startOpenAiBackend } from '../shared/inference/openai/start-openai-backend.ts'
import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { terminalStep } from '../shared/process/step.ts'

interface CheckFlags {
  url: string
  model: string
  backendModel?: string
  keyEnv?: string
  prompt: string
  tokens: number
  concurrent: number
  json: boolean
}

export const command = new Command('check-backend')
  .description(
    'Asks an OpenAI-compatible server what it is and tells, and how far its answers can be verified.',
  )
  .requiredOption('--url <url>', 'of the server, such as http://127.0.0.1:8000')
  .option('--model <folder>', 'declared model that it serves', 'models/small')
  .option('--backend-model <name>', 'the model’s name on the server; its only one unless told')
  .option('--key-env <name>', 'environment variable that holds the server’s key')
  .option('--prompt <text>', 'of the sample', 'Add 17 and 25.')
  .option('--tokens <n>', 'of a sample, at most', wholeNumber, 128)
  .option('--concurrent <n>', 'samples asked for at once, for the speed', wholeNumber, 4)
  .option('--json', 'as JSON', false)
  .action(run)

async function run(flags: CheckFlags): Promise<void> {
  const step = terminalStep()
  const declared = await openModel(flags.model, 'cpu')
  const backend = await step(`asking ${flags.url} what it is`, () =>
    startOpenAiBackend({ url: flags.url, model: flags.backendModel, apiKeyEnv: flags.keyEnv, declared }),
  )
  try {
    const report = await step('asking it for samples', () =>
      checkBackend(backend, {
        prompt: flags.prompt,
        maxTokens: flags.tokens,
        concurrent: flags.concurrent,
        seed: () => randomBytes(32),
        now: () => performance.now(),
      }),
    )
    if (flags.json) console.log(JSON.stringify(report, undefined, 2))
    else
      for (const [name, value] of Object.entries(report)) console.log(`${name.padEnd(16)} ${String(value)}`)
  } finally {
    await backend.close()
  }
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
