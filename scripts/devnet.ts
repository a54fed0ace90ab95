import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { rawChainSpec } from '../shared/chain/devnet/chain-spec.ts'
import { startDevnet } from '../shared/chain/devnet/devnet.ts'
import { genesisOf, listPresets } from '../shared/chain/devnet/genesis.ts'
import { parseHyperparameters } from '../shared/chain/devnet/runtime/hyperparameters.ts'
import type { WantedGenesis } from '../shared/chain/devnet/storage/genesis-file.ts'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { createLog, LOG_LEVELS, type LogLevel } from '../shared/process/logging.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { type Shutdown, withShutdown } from '../shared/process/shutdown.ts'
import { terminalStep } from '../shared/process/step.ts'

interface DevnetFlags {
  port: number
  data: string
  blockMs: number
  preset?: string
  hyperparameters?: string
  listPresets: boolean
  exportSpec?: string
  json: boolean
  'logging.level': LogLevel
}

export const command = new Command('devnet')
  .description('Runs a local chain with a single author in this process.')
  .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 9944)
  .option('--data <folder>', 'folder that holds the chain; resumed when it is there', '.starling/devnet')
  .option('--block-ms <n>', 'milliseconds between blocks', wholeNumber, 2000)
  .option('--preset <name>', 'genesis preset of the runtime; development in a new folder unless given')
  .option('--hyperparameters <file>', 'JSON with hyperparameters of the preset’s subnet, for a new folder')
  .option('--list-presets', 'print the names of the presets and stop', false)
  .option('--export-spec <file>', 'write the folder’s genesis as a chain spec for a Substrate node and stop')
  .option('--json', 'print the ready line as JSON', false)
  .option('--logging.level <level>', `one of ${LOG_LEVELS.join(', ')}`, 'warn')
  .action(async (flags: DevnetFlags) => {
    if (flags.listPresets) process.stdout.write(`${(await listPresets()).join('\n')}\n`)
    else if (flags.exportSpec !== undefined) await exportSpec(flags, flags.exportSpec)
    else await withShutdown((shutdown) => run(flags, shutdown))
  })

async function exportSpec(flags: DevnetFlags, file: string): Promise<void> {
  const { preset, state, hash } = await genesisOf(flags.data, await wantedGenesis(flags), Date.now())
  await writeText(file, rawChainSpec(state, 'starling_devnet'))
  process.stdout.write(`chain spec ${file} preset ${preset} genesis ${hash}\n`)
}

async function wantedGenesis({ preset, hyperparameters: file }: DevnetFlags): Promise<WantedGenesis> {
  const hyperparameters = file === undefined ? undefined : parseHyperparameters(await readText(file), file)
  return { preset, hyperparameters }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const message = `cannot read ${file} (${cause instanceof Error ? cause.message : cause})`
    throw new StarlingError('DEVNET_HYPERPARAMETERS_INVALID', message, 'name a JSON file', { cause })
  }
}

async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (cause) {
    const message = `cannot write ${file} (${cause instanceof Error ? cause.message : cause})`
    throw new StarlingError('DEVNET_SPEC_UNWRITTEN', message, 'name a file in a folder that is there', {
      cause,
    })
  }
}

async function run(flags: DevnetFlags, shutdown: Shutdown): Promise<void> {
  let failure: unknown
  const wanted = await wantedGenesis(flags)
  const devnet = await terminalStep(flags['logging.level'])(`opening the chain in ${flags.data}`, () =>
    startDevnet({
      port: flags.port,
      dataDir: flags.data,
      blockMs: flags.blockMs,
      ...wanted,
      log: createLog('devnet', flags['logging.level']),
      onFailure: (error) => {
        failure = error
        shutdown.stop()
      },
    }),
  )
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

if (isMain(import.meta.url)) await runCli(command, process.argv)
