import { randomBytes } from 'node:crypto'
import type { ChainClient } from '../shared/chain/chain-client.ts'
import { connectChain } from '../shared/chain/substrate-client.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import { createLog } from '../shared/process/logging.ts'
import { chainOptions } from '../shared/process/operator-flags.ts'
import { terminalStep } from '../shared/process/step.ts'
import type { WeightsFlags } from './flags.ts'
import { loadConfig } from './load-config.ts'
import { modelHashes } from './registry.ts'
import { scoreContext } from './round/score-context.ts'
import { scoreMiners } from './scoring/score-miners.ts'
import { stateFolder } from './state-folder.ts'
import { readScores } from './store/score-store.ts'
import { dryRun } from './weights/dry-run.ts'
import { renderPlan } from './weights/render-plan.ts'
import { renderShown, showWeights } from './weights/show.ts'

/** Prints what publishing would do now. Reads the state folder and the chain; writes and sends nothing. */
export function runWeightsPlan(flags: WeightsFlags): Promise<void> {
  return withChain(flags, async (chain, signer) => {
    const { scoring } = loadConfig(flags.config)
    const { book, publications } = readScores(stateFolder(flags, signer.address), scoring)
    const registry = await modelHashes(flags)
    const plan = await dryRun({
      ...{ chain, signer, netuid: flags.netuid, round: book.round, recorded: publications },
      scoresOf: (metagraph) => scoreMiners(book, scoreContext(metagraph, registry, scoring)),
      random: randomBytes,
      nowMs: Date.now(),
    })
    print(flags, plan, renderPlan)
  })
}

/** Prints the hotkey's weights and commits on the chain. */
export function runWeightsShow(flags: WeightsFlags): Promise<void> {
  return withChain(flags, async (chain, signer) => {
    const { scoring } = loadConfig(flags.config)
    const { publications } = readScores(stateFolder(flags, signer.address), scoring)
    print(flags, await showWeights(chain, flags.netuid, signer.address, publications), renderShown)
  })
}

async function withChain(
  flags: WeightsFlags,
  work: (chain: ChainClient, signer: Signer) => Promise<void>,
): Promise<void> {
  const signer = await loadHotkey({
    name: flags['wallet.name'],
    hotkey: flags['wallet.hotkey'],
    path: flags['wallet.path'],
  })
  const log = createLog('validator', flags['logging.level'])
  const step = terminalStep(flags['logging.level'])
  const { endpoint, expected } = chainOptions(flags)
  const chain = await step(`connecting to ${endpoint.join(', ')}`, () =>
    connectChain({ endpoint, expected, log }),
  )
  try {
    await step('reading the chain', () => work(chain, signer))
  } finally {
    await chain.close()
  }
}

function print<T>(flags: WeightsFlags, value: T, render: (value: T) => string): void {
  process.stdout.write(`${flags.json === true ? JSON.stringify(value, undefined, 2) : render(value)}\n`)
}
