import { randomBytes } from 'node:crypto'
import { connectChain } from '../shared/chain/substrate-client.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import { mayDialPrivate } from '../shared/dialling/may-dial-private.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { systemClock } from '../shared/process/clock.ts'
import { listenSettings } from '../shared/process/listen-settings.ts'
import { lockState } from '../shared/process/lock-folder.ts'
import { createLog } from '../shared/process/logging.ts'
import { chainOptions } from '../shared/process/operator-flags.ts'
import { withShutdown } from '../shared/process/shutdown.ts'
import { type Answerer, engineAnswerer } from './answerer.ts'
import { openDisputes } from './disputes.ts'
import type { MinerFlags } from './flags.ts'
import type { AnswerJudge } from './judges.ts'
import { judgeFor } from './judging.ts'
import { startMiner } from './miner.ts'
import { openPlants } from './planting/open-plants.ts'
import { startPlanting } from './planting/start-planting.ts'
import { type MinerBackend, startBackend } from './start-backend.ts'
import { stateFolder } from './state-folder.ts'
import { whiteningFor } from './whitening.ts'

const RAO_PER_TAO = 1_000_000_000n

/** What a cheat changes about a miner: everything else is the honest miner's code. */
export interface Conduct {
  /** Where answers come from, instead of the engine under the miner's own seed. */
  readonly answerer?: (honest: Answerer, signer: Signer) => Answerer
  /** Where verdicts come from, instead of the backend under the miner's own seeds. */
  readonly judge?: (
    honest: AnswerJudge,
    backend: Pick<MinerBackend, 'text' | 'model'>,
    signer: Signer,
  ) => AnswerJudge
  /** Model that the miner declares, instead of the one that it runs. */
  readonly declares?: ModelInfo
}

/** Runs a miner until the process is told to stop. @throws StarlingError with what keeps it from starting, or ends it */
export function runMiner(flags: MinerFlags, conduct: Conduct = {}): Promise<void> {
  const limits = { drainMs: flags['shutdown.seconds'] * 1000 }
  return withShutdown(async (shutdown) => {
    const log = createLog('miner', flags['logging.level'])
    const signer = await loadHotkey({
      name: flags['wallet.name'],
      hotkey: flags['wallet.hotkey'],
      path: flags['wallet.path'],
    })
    const plants = openPlants(flags, signer.address, randomBytes)
    const chain = await connectChain({ ...chainOptions(flags), log })
    shutdown.onClose(() => chain.close())
    const folder = stateFolder(flags, signer.address)
    shutdown.onClose(await lockState(folder))
    const backend = await startBackend(flags, log)
    shutdown.onClose(() => backend.close())
    const whitening = await whiteningFor(flags, backend, log)
    const honest = engineAnswerer(backend, signer.publicKey, whitening)
    const answerer =
      plants === undefined ? honest : startPlanting(honest, backend, { plants, signer, whitening, log })
    const disputes = await openDisputes(flags.model, backend.model, { signer, clock: systemClock, log })
    shutdown.onClose(() => disputes.close())
    const judge = judgeFor(backend, signer.publicKey)
    const miner = await startMiner({
      chain,
      signer,
      netuid: flags.netuid,
      model: conduct.declares ?? backend.model,
      answerer: conduct.answerer?.(answerer, signer) ?? answerer,
      judge: conduct.judge?.(judge, backend, signer) ?? judge,
      axon: flags['axon.outbound']
        ? { outbound: true, dialPrivate: mayDialPrivate(flags, chain.info()), random: Math.random }
        : listenSettings(flags),
      disputes: disputes.desk,
      stateFolder: folder,
      minStake: BigInt(flags['blacklist.min_stake']) * RAO_PER_TAO,
      clock: systemClock,
      log,
    })
    let failure: unknown
    miner.ended.catch((error: unknown) => {
      failure = error
      shutdown.stop()
    })
    shutdown.onDrain((signal) => miner.drain(signal))
    shutdown.onClose(async () => {
      await miner.close()
      if (failure !== undefined) throw failure
    })
  }, limits)
}
