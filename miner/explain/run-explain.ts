import { readFile } from 'node:fs/promises'
import type { Commitment } from '../../shared/chain/chain-client.ts'
import { connectChain } from '../../shared/chain/substrate-client.ts'
import { loadHotkey } from '../../shared/chain/wallet/load-hotkey.ts'
import { EXIT_FAILURE } from '../../shared/process/cli.ts'
import { describeError, StarlingError } from '../../shared/process/errors.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { chainOptions, type OperatorFlags } from '../../shared/process/operator-flags.ts'
import { terminalStep } from '../../shared/process/step.ts'
import type { ExplainFlags } from '../flags.ts'
import { readKept, receiptPath, receiptSources } from '../receipts/receipt-file.ts'
import { stateFolder } from '../state-folder.ts'
import { chooseReceipt } from './choose-receipt.ts'
import { explainReceipt, renderExplanation, rowOf } from './explain.ts'
import { checkPublished } from './published.ts'

/** `miner explain`: why this miner earned what it earned, and what proves it. @throws StarlingError RECEIPT_…, WALLET_… */
export async function runExplain(flags: ExplainFlags, write: (text: string) => void): Promise<void> {
  const folder = flags.state ?? stateFolder(flags, await ownHotkey(flags))
  const kept = new Map(receiptSources(folder).map((name) => [name, readKept(receiptPath(folder, name))]))
  const chosen = chooseReceipt(kept, flags, folder)
  const { validator, receipt } = chosen
  const { receipts, anchors: noted } = chosen.kept
  const chain = await commitmentOf(flags, validator)
  const { hotkey } = rowOf(receipt)
  const published =
    flags.file === undefined
      ? []
      : [checkPublished(await readRound(flags.file), receipt, { validator, hotkey })]
  const explanation = explainReceipt(receipt, { validator, receipts, noted, chain }, published)
  const others = [...kept.keys()].filter((name) => name !== validator)
  const more = others.length === 0 ? '' : `\n\nother validators (--validator): ${others.join(', ')}`
  const shown = `${renderExplanation(explanation)}${more}`
  write(`${flags.json === true ? JSON.stringify(explanation, undefined, 2) : shown}\n`)
  if (!explanation.ok) process.exitCode = EXIT_FAILURE
}

async function readRound(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const remedy = 'name a file that a validator published, such as 1234.jsonl'
    throw new StarlingError('ROUND_FILE_MISSING', `can’t read ${path}`, remedy, { cause })
  }
}

async function ownHotkey(flags: OperatorFlags): Promise<string> {
  const { 'wallet.name': name, 'wallet.hotkey': hotkey, 'wallet.path': path } = flags
  return (await loadHotkey({ name, hotkey, path })).address
}

/** What the chain holds of the validator; why it was not asked, in words, where it was not. */
async function commitmentOf(
  flags: ExplainFlags,
  validator: string,
): Promise<Commitment | string | undefined> {
  if (!flags.chain) return '--no-chain'
  try {
    const { endpoint, expected } = chainOptions(flags)
    const chain = await terminalStep(flags['logging.level'])(`connecting to ${endpoint.join(', ')}`, () =>
      connectChain({ endpoint, expected, log: silentLog() }),
    )
    try {
      return await chain.commitmentOf(flags.netuid, validator)
    } finally {
      await chain.close()
    }
  } catch (error) {
    return describeError(error)
  }
}
