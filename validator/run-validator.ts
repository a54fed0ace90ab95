import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectChain } from '../shared/chain/substrate-client.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import { startEngine } from '../shared/inference/start-engine.ts'
import { systemClock } from '../shared/process/clock.ts'
import { describeError } from '../shared/process/errors.ts'
import { lockState } from '../shared/process/lock-folder.ts'
import { createLog } from '../shared/process/logging.ts'
import { chainOptions } from '../shared/process/operator-flags.ts'
import { withShutdown } from '../shared/process/shutdown.ts'
import { startDisputeAxon } from './disputes.ts'
import type { ValidatorFlags } from './flags.ts'
import { loadConfig } from './load-config.ts'
import { startRegistry, whyUnscored } from './registry.ts'
import { stateFolder } from './state-folder.ts'
import { openScoreStore } from './store/score-store.ts'
import { publishInto } from './transcript/publish.ts'
import { startValidator } from './validator.ts'

/** Runs a validator until the process is told to stop. @throws StarlingError with what keeps it from starting */
export function runValidator(flags: ValidatorFlags): Promise<void> {
  const limits = { drainMs: flags['shutdown.seconds'] * 1000 }
  return withShutdown(async (shutdown) => {
    // Closed last, so that the one line on the way out says why.
    let failure: unknown
    shutdown.onClose(() => {
      if (failure !== undefined) throw failure
    })
    const log = createLog('validator', flags['logging.level'])
    const config = loadConfig(flags.config)
    const signer = await loadHotkey({
      name: flags['wallet.name'],
      hotkey: flags['wallet.hotkey'],
      path: flags['wallet.path'],
    })
    const folder = stateFolder(flags, signer.address)
    shutdown.onClose(await lockState(folder))
    const store = openScoreStore(folder, config.scoring, {
      onTrouble(error) {
        if (error === undefined) log.info({ folder }, 'state is written again')
        else log.error({ error: describeError(error) }, 'state not written')
      },
    })
    shutdown.onClose(() => store.close())
    const chain = await connectChain({ ...chainOptions(flags), log })
    shutdown.onClose(() => chain.close())
    const { threads, classes: precisions } = flags
    const models = await startRegistry(flags, startEngine, { threads, precisions }, log)
    const { engines, calibrations, hasher, registry } = models
    shutdown.onClose(async () => {
      await Promise.all(engines.map((engine) => engine.close()))
    })
    const disputePort = flags['dispute.port']
    if (disputePort !== undefined) {
      const disputes = await startDisputeAxon({
        ...{ chain, signer, netuid: flags.netuid, models: flags.models, registry, engines, log },
        ip: flags['dispute.ip'],
        port: disputePort,
        clock: systemClock,
      })
      shutdown.onClose(() => disputes.close())
    }
    const validator = await startValidator({
      chain,
      signer,
      netuid: flags.netuid,
      engines,
      calibrations,
      hasher,
      whyUnscored: (offer) => whyUnscored(registry, offer),
      store,
      publish: publishInto(flags.publish ?? join(folder, 'rounds'), flags['publish.keep']),
      config: config.round,
      scoring: config.scoring,
      clock: systemClock,
      random: randomBytes,
      log,
      onFailure(error) {
        failure = error
        shutdown.stop()
      },
    })
    shutdown.onDrain((signal) => validator.drain(signal))
    shutdown.onClose(() => validator.close())
  }, limits)
}
