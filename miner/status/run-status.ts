import { connectChain } from '../../shared/chain/substrate-client.ts'
import { loadHotkey } from '../../shared/chain/wallet/load-hotkey.ts'
import { describeError } from '../../shared/process/errors.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { chainOptions } from '../../shared/process/operator-flags.ts'
import { STATUS_PORTS } from '../../shared/process/status/settings.ts'
import { terminalStep } from '../../shared/process/step.ts'
import { rowOf } from '../explain/explain.ts'
import type { StatusCommandFlags } from '../flags.ts'
import { readKept, receiptPath, receiptSources } from '../receipts/receipt-file.ts'
import { stateFolder } from '../state-folder.ts'
import { askRunning } from './ask-running.ts'
import { chainSide } from './chain-side.ts'
import { renderStatus } from './render.ts'
import { type StatusFacts, statusReport, type ValidatorSide } from './report.ts'

/** Milliseconds of one request to the chain. */
const CHAIN_MS = 10_000

/** `miner status`: how this miner stands, by the chain, by its receipts and by itself. @throws StarlingError WALLET_…, RECEIPTS_DAMAGED */
export async function runStatus(flags: StatusCommandFlags, write: (text: string) => void): Promise<void> {
  const { 'wallet.name': name, 'wallet.hotkey': hotkeyName, 'wallet.path': path, netuid } = flags
  const { address: hotkey } = await loadHotkey({ name, hotkey: hotkeyName, path })
  const [chain, running] = await terminalStep(flags['logging.level'])('asking the chain, and the miner', () =>
    Promise.all([
      askChain(flags, hotkey),
      askRunning(flags['status.ip'] ?? '127.0.0.1', flags['status.port'] ?? STATUS_PORTS.miner),
    ]),
  )
  const validators = keptSides(stateFolder(flags, hotkey), flags.rounds)
  const report = statusReport({ hotkey, netuid, chain, running, validators })
  write(`${flags.json === true ? toJson(report) : renderStatus(report)}\n`)
}

async function askChain(flags: StatusCommandFlags, hotkey: string): Promise<StatusFacts['chain']> {
  if (!flags.chain) return { error: 'not asked' }
  try {
    const chain = await connectChain({ ...chainOptions(flags), log: silentLog(), timeoutMs: CHAIN_MS })
    try {
      return await chainSide(chain, flags.netuid, hotkey)
    } finally {
      await chain.close()
    }
  } catch (error) {
    return { error: describeError(error) }
  }
}

/** The newest receipts of each validator, the validator of the newest round first. */
function keptSides(folder: string, rounds: number): ValidatorSide[] {
  return receiptSources(folder)
    .flatMap((validator) => {
      const { receipts } = readKept(receiptPath(folder, validator))
      if (receipts.length === 0) return []
      const newest = receipts.slice(-rounds).reverse()
      return [{ validator, rounds: newest.map((receipt) => ({ round: receipt.round, row: rowOf(receipt) })) }]
    })
    .sort((one, other) => other.rounds[0]!.round - one.rounds[0]!.round)
}

/** Amounts as text: rao do not fit into JSON's numbers. */
function toJson(report: object): string {
  return JSON.stringify(report, (_key, value) => (typeof value === 'bigint' ? String(value) : value), 2)
}
