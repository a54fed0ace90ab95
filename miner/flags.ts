import { Command } from 'commander'
import { addOperatorFlags, type OperatorFlags, wholeNumber } from '../shared/process/operator-flags.ts'

export interface MinerFlags extends OperatorFlags {
  model: string
  threads: number
  'axon.ip': string
  'axon.port': number
  'axon.external_ip'?: string
  'axon.external_port'?: number
  'blacklist.min_stake': number
}

/** The miner's command line. */
export function minerCommand(name = 'miner'): Command {
  const command = new Command(name).description('Serve generation and judging to validators, for emission.')
  return addOperatorFlags(command)
    .option('--model <folder>', 'model to serve', 'models/small')
    .option('--threads <n>', 'threads of the engine', wholeNumber, 1)
    .option('--axon.ip <ip>', 'address to listen on; 0.0.0.0 opens it to the network', '127.0.0.1')
    .option('--axon.port <n>', 'port to listen on; 0 picks a free one', wholeNumber, 8091)
    .option('--axon.external_ip <ip>', 'address that validators dial, where it differs')
    .option('--axon.external_port <n>', 'port that validators dial, where it differs', wholeNumber)
    .option('--blacklist.min_stake <tao>', 'least stake of a validator that is served', wholeNumber, 0)
}
