import { Command, InvalidArgumentError, Option } from 'commander'
import type { Device } from '../shared/inference/engine.ts'
import { type Precision, SERVED_PRECISIONS } from '../shared/inference/precision.ts'
import { addOperatorFlags, type OperatorFlags, wholeNumber } from '../shared/process/operator-flags.ts'

export interface MinerFlags extends OperatorFlags {
  model: string
  device: Device
  precision: Precision
  threads: number
  maxBatch?: number
  maxQueue?: number
  dedicated: boolean
  'backend.url'?: string
  'backend.model'?: string
  'backend.key_env'?: string
  'axon.ip': string
  'axon.port': number
  'axon.external_ip'?: string
  'axon.external_port'?: number
  'blacklist.min_stake': number
  state?: string
  'plant.rate'?: number
  'plant.secret'?: string
}

export interface ExplainFlags extends OperatorFlags {
  state?: string
  validator?: string
  round?: number
  file?: string
  /** False with `--no-chain`. */
  chain: boolean
  json?: boolean
}

export interface SelftestFlags extends MinerFlags {
  registry?: string
  answers: number
  json?: boolean
}

const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu'] satisfies Device[]

/** The miner's command line. */
export function minerCommand(name = 'miner'): Command {
  const command = new Command(name).description('Serve generation and judging to validators, for emission.')
  addOperatorFlags(command)
  addEngineFlags(command)
  return command
    .option('--axon.ip <ip>', 'address to listen on; 0.0.0.0 opens it to the network', '127.0.0.1')
    .option('--axon.port <n>', 'port to listen on; 0 picks a free one', wholeNumber, 8091)
    .option('--axon.external_ip <ip>', 'address that validators dial, where it differs')
    .option('--axon.external_port <n>', 'port that validators dial, where it differs', wholeNumber)
    .option('--blacklist.min_stake <tao>', 'least stake of a validator that is served', wholeNumber, 0)
    .option(
      '--plant.rate <share>',
      'answer so many challenges wrongly, to find validators that do not look; each costs this hotkey its score',
      share,
    )
    .option('--plant.secret <file>', 'which challenges those are: made when it is not there, and kept')
    .option('--state <folder>', 'receipts (default: ~/.starling/miners/<hotkey>/netuid<n>)')
}

/** `miner explain …`: takes the miner's flags, too. */
export function explainCommand(run: (flags: ExplainFlags) => Promise<void>): Command {
  return new Command('explain')
    .description('Say why this miner earned what it earned in a round, and what proves it.')
    .option('--validator <hotkey>', 'whose round; that of the newest receipt unless told')
    .option('--round <n>', 'which round; the newest unless told', wholeNumber)
    .option('--file <file>', 'the validator’s published round, for the place among all')
    .option('--no-chain', 'ask no chain: the receipt is then held against the anchors that the miner noted')
    .option('--json', 'as JSON')
    .configureHelp({ showGlobalOptions: true })
    .action((_flags, self: Command) => run(self.optsWithGlobals()))
}

/** `miner selftest …`: takes the miner's flags, too, though none of the chain or the wallet. */
export function selftestCommand(run: (flags: SelftestFlags) => Promise<void>): Command {
  return new Command('selftest')
    .description('Audit this machine’s own answers as a validator would; needs no chain and spends nothing.')
    .option('--registry <file>', 'registry of declared models (default: registry.json beside the model)')
    .option('--answers <n>', 'answers that are tried at once', atLeastOne, 12)
    .option('--json', 'as JSON')
    .configureHelp({ showGlobalOptions: true })
    .action((_flags, self: Command) => run(self.optsWithGlobals()))
}

/** What runs the model: the engine of our own, or a server elsewhere. */
function addEngineFlags(command: Command): void {
  command
    .option('--model <folder>', 'model to serve, and to declare', 'models/small')
    .addOption(
      new Option('--device <name>', 'what to run it on; auto takes the first that passes its self-test')
        .choices(DEVICES)
        .default('cpu'),
    )
    .addOption(
      new Option(
        '--precision <name>',
        'of the model’s matrices; q4b32a8, 4-bit integers, runs on the CPU only',
      )
        .choices(SERVED_PRECISIONS)
        .default('fp32'),
    )
    .option('--threads <n>', 'threads of the engine', atLeastOne, 1)
    .option('--max-batch <n>', 'answers that are written at once', atLeastOne)
    .option('--max-queue <n>', 'answers that may wait for their turn', wholeNumber)
    .option('--dedicated', 'let threads spin: faster where nothing else needs the cores', false)
    .option(
      '--backend.url <url>',
      'OpenAI-compatible server (vLLM, SGLang, TGI, llama.cpp, Ollama) that runs the model instead',
    )
    .option('--backend.model <name>', 'the model’s name on that server; its only one unless told')
    .option('--backend.key_env <name>', 'environment variable that holds the server’s key')
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Give a share, 0 to 1.')
  return value
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('Give 1 or more.')
  return value
}
