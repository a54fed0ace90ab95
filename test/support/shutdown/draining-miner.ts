import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AnswerJudge } from '../../../miner/judges.ts'
import { startMiner } from '../../../miner/miner.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { createLog } from '../../../shared/process/logging.ts'
import { withShutdown } from '../../../shared/process/shutdown.ts'
import { minerChain, neuronOf } from '../miner-chain.ts'

/**
 * A miner in a process of its own, as `runMiner` puts it together, with a chain that stands still and answers that cost
 * nothing: what is tried on it is what a signal does.
 */
const signer = signerFromUri('//draining-miner')
const validator = signerFromUri('//draining-validator')
const neurons = [
  neuronOf(signer.address, 0),
  neuronOf(validator.address, 1, { validatorPermit: true, stake: 1n }),
]

await withShutdown(
  async (shutdown) => {
    const miner = await startMiner({
      chain: minerChain(neurons).chain,
      signer,
      netuid: 1,
      model: { name: 'm', hash: `0x${'00'.repeat(32)}`, executionClass: 'c' } as never,
      answerer: async () => ({ tokens: [1, 2, 3], text: 'abc', finish: 'stop' }),
      judge: (() => {}) as unknown as AnswerJudge,
      axon: { ip: '127.0.0.1', port: 0 },
      stateFolder: mkdtempSync(join(tmpdir(), 'starling-draining-')),
      minStake: 0n,
      clock: systemClock,
      log: createLog('miner', 'info'),
    })
    shutdown.onDrain((signal) => miner.drain(signal))
    shutdown.onClose(() => miner.close())
  },
  { drainMs: 100_000 },
)
