import { Command } from 'commander'
import { startDevnet } from '../shared/chain/devnet/devnet.ts'
import { runCli } from '../shared/process/cli.ts'
import { createLog, LOG_LEVELS, type LogLevel } from '../shared/process/logging.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { type Shutdown, withShutdown } from '../shared/process/shutdown.ts'

interface DevnetFlags {
  port: number
  data: string
  blockMs: number
  preset: string
  json: boolean
  'logging.level': LogLevel
}

const command = new Command('devnet')
  .description('Runs a local chain with a single author in this process.')
  .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 9944)
  .option('--data <folder>', 'folder that holds the chain; resumed when it is there', '.starling/devnet')
  .option('--block-ms <n>', 'milliseconds between blocks', wholeNumber, 2000)
  .option('--preset <name>', 'genesis preset of the runtime', 'development')
  .option('--json', 'print the ready line as JSON', false)
  .option('--logging.level <level>', `one of ${LOG_LEVELS.join(', ')}`, 'warn')
  .action((flags: DevnetFlags) => withShutdown((shutdown) => run(flags, shutdown)))

async function run(flags: DevnetFlags, shutdown: Shutdown): Promise<void> {
  let failure: unknown
  const devnet = await startDevnet({
    port: flags.port,
    dataDir: flags.data,
    blockMs: flags.blockMs,
    preset: flags.preset,
    log: createLog('devnet', flags['logging.level']),
    onFailure: (error) => {
      failure = error
      shutdown.stop()
    },
  })
  shutdown.onClose(async () => {
    await devnet.close()
    if (failure !== undefined) throw failure
  })
  const { number, hash } = devnet.head()
  const spec = `${devnet.specName}/${devnet.specVersion}`
  const ready = { url: devnet.url, spec, genesisHash: devnet.genesisHash, block: number, hash }
  const line = `devnet ready ${devnet.url} spec ${spec} genesis ${devnet.genesisHash} block ${number}`
  process.stdout.write(`${flags.json ? JSON.stringify(ready) : line}\n`)
}

await runCli(command, process.argv)
