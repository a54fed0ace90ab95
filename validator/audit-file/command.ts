import { Command } from 'commander'
import { addresses, wholeNumber } from '../../shared/process/operator-flags.ts'

export interface AuditFlags {
  /** False for --no-models. */
  models: string | false
  threads: number
  'subtensor.chain_endpoint'?: readonly string[]
  plants?: string
  disputes?: readonly string[]
  json?: boolean
}

/** `starling audit FILE…`: goes through published rounds again, from their files. */
export function auditCommand(run: (files: readonly string[], flags: AuditFlags) => Promise<void>): Command {
  return new Command('audit')
    .description(
      'Verify published rounds again from their files: seals, signatures, lots, anchor, answers, scores. Exits with 1 when a check fails.',
    )
    .argument('<file...>', 'files as validators publish them, oldest first')
    .option('--models <folder>', 'folder of the models to read the answers with', 'models')
    .option('--no-models', 'leave the answers unread: all other checks take a second')
    .option('--threads <n>', 'threads of each engine', wholeNumber, 1)
    .option(
      '--subtensor.chain_endpoint <url>',
      'WebSocket address of a node to compare blocks and neurons with; several stand in for each other',
      addresses,
    )
    .option(
      '--plants <file>',
      'the secret of a miner that planted wrong answers: which of them were accepted',
    )
    .option('--disputes <file...>', 'records of disputes: whether they bear out what the validator said')
    .option('--json', 'as JSON')
    .action(run)
}
