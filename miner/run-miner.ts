import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectChain } from '../shared/chain/substrate-client.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import { watchChain } from '../shared/chain/watch-chain.ts'
import { mayDialPrivate } from '../shared/dialling/may-dial-private.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { EXIT_FAILURE } from '../shared/process/cli.ts'
import { systemClock } from '../shared/process/clock.ts'
import { listenSettings } from '../shared/process/listen-settings.ts'
import { lockState } from '../shared/process/lock-folder.ts'
import { createLog } from '../shared/process/logging.ts'
import { createMetrics } from '../shared/process/metrics/create-metrics.ts'
import { chainOptions } from '../shared/process/operator-flags.ts'
import { withShutdown } from '../shared/process/shutdown.ts'
import { startStatus } from '../shared/process/status/start-status.ts'
import { type Answerer, engineAnswerer } from './answerer.ts'
import { openDisputes } from './disputes.ts'
import type { MinerFlags } from './flags.ts'
import type { AnswerJudge } from './judges.ts'
import { judgeFor } from './judging.ts'
import { type Miner, startMiner } from './miner.ts'
import { openPlants } from './planting/open-plants.ts'
import { startPlanting } from './planting/start-planting.ts'
import { type MinerBackend, startBackend } from './start-backend.ts'
import { stateFolder } from './state-folder.ts'
import { watchMiner } from './watch/miner-watch.ts'
import { watchAnswerer } from './watch/watch-work.ts'
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
    const seen = watchChain(flags.netuid, systemClock)
    const nodes = chainOptions(flags)
    log.info({ network: flags['subtensor.network'] }, 'connecting to the chain')
    const chain = seen.follow(await connectChain({ ...nodes, log, onEndpoint: seen.connected }))
    shutdown.onClose(() => chain.close())
    const folder = stateFolder(flags, signer.address)
    shutdown.onClose(await lockState(folder))
    log.info({ model: flags.model, server: flags['backend.url'] !== undefined }, 'loading the model')
    const backend = await startBackend(flags, log)
    shutdown.onClose(() => backend.close())
    let failure: unknown
    const fail = (error: unknown) => {
      failure = error
      shutdown.stop()
    }
    let miner: Miner | undefined
    const watch = watchMiner({
      metrics: createMetrics({ withProcess: true }),
      chain: seen,
      writesStopped: chain.writesStopped,
      ...{ hotkey: signer.address, netuid: flags.netuid, backend, stateFolder: folder },
      miner: () => miner,
      clock: systemClock,
    })
    const status = await startStatus({
      ...{ program: 'miner', flags, watched: watch, clock: systemClock, log },
      onStuck: fail,
      exit: () => process.exit(EXIT_FAILURE),
    })
    shutdown.onClose(() => status.close())
    const whitening = await whiteningFor(flags, backend, log)
    const honest = engineAnswerer(backend, signer.publicKey, whitening)
    const answerer =
      plants === undefined ? honest : startPlanting(honest, backend, { plants, signer, whitening, log })
    const disputes = await openDisputes(flags.model, backend.model, { signer, clock: systemClock, log })
    shutdown.onClose(() => disputes.close())
    const judge = judgeFor(backend, signer.publicKey)
    const started = await startMiner({
      chain,
      signer,
      netuid: flags.netuid,
      model: conduct.declares ?? backend.model,
      answerer: watchAnswerer(
        conduct.answerer?.(answerer, signer) ?? answerer,
        systemClock.monotonic,
        watch.events,
      ),
      judge: conduct.judge?.(judge, backend, signer) ?? judge,
      axon: flags['axon.outbound']
        ? { outbound: true, dialPrivate: mayDialPrivate(flags, chain.info()), random: Math.random }
        : listenSettings(flags, join(folder, 'axon.nonces')),
      disputes: disputes.desk,
      stateFolder: folder,
      minStake: BigInt(flags['blacklist.min_stake']) * RAO_PER_TAO,
      clock: systemClock,
      log,
      events: watch.events,
    })
    miner = started
    started.ended.catch(fail)
    shutdown.onDrain((signal) => started.drain(signal))
    shutdown.onClose(async () => {
      await started.close()
      if (failure !== undefined) throw failure
    })
  }, limits)
}
