import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectChain } from '../shared/chain/substrate-client.ts'
import { loadHotkey } from '../shared/chain/wallet/load-hotkey.ts'
import { watchChain } from '../shared/chain/watch-chain.ts'
import { mayDialPrivate } from '../shared/dialling/may-dial-private.ts'
import { startEngine } from '../shared/inference/start-engine.ts'
import { EXIT_FAILURE } from '../shared/process/cli.ts'
import { systemClock } from '../shared/process/clock.ts'
import { describeError } from '../shared/process/errors.ts'
import { listenSettings } from '../shared/process/listen-settings.ts'
import { lockState } from '../shared/process/lock-folder.ts'
import { createLog } from '../shared/process/logging.ts'
import { createMetrics } from '../shared/process/metrics/create-metrics.ts'
import { chainOptions } from '../shared/process/operator-flags.ts'
import { withShutdown } from '../shared/process/shutdown.ts'
import { startStatus } from '../shared/process/status/start-status.ts'
import { startDisputeAxon } from './disputes.ts'
import { modelHashesOf } from './engines.ts'
import type { ValidatorFlags } from './flags.ts'
import { loadConfig } from './load-config.ts'
import { startRegistry, whyUnscored } from './registry.ts'
import { scoreContext } from './round/score-context.ts'
import { scoreMiners } from './scoring/score-miners.ts'
import { stateFolder } from './state-folder.ts'
import { openScoreStore } from './store/score-store.ts'
import { publishInto } from './transcript/publish.ts'
import { startValidator, type Validator } from './validator.ts'
import { stateBytes } from './watch/state-bytes.ts'
import { type ValidatorWatch, watchValidator } from './watch/validator-watch.ts'

/** Runs a validator until the process is told to stop. @throws StarlingError with what keeps it from starting */
export function runValidator(flags: ValidatorFlags): Promise<void> {
  const limits = { drainMs: flags['shutdown.seconds'] * 1000 }
  return withShutdown(async (shutdown) => {
    // Closed last, so that the one line on the way out says why.
    let failure: unknown
    shutdown.onClose(() => {
      if (failure !== undefined) throw failure
    })
    const fail = (error: unknown) => {
      failure = error
      shutdown.stop()
    }
    let watch: ValidatorWatch | undefined
    let validator: Validator | undefined
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
        watch?.onTrouble(error)
        if (error === undefined) log.info({ folder }, 'state is written again')
        else log.error({ error: describeError(error) }, 'state not written')
      },
    })
    shutdown.onClose(() => store.close())
    const seen = watchChain(flags.netuid, systemClock)
    const nodes = chainOptions(flags)
    log.info({ network: flags['subtensor.network'] }, 'connecting to the chain')
    const chain = seen.follow(await connectChain({ ...nodes, log, onEndpoint: seen.connected }))
    shutdown.onClose(() => chain.close())
    const { threads, classes: precisions } = flags
    log.info({ models: flags.models, classes: precisions }, 'loading models')
    const models = await startRegistry(flags, startEngine, { threads, precisions }, log)
    const { engines, calibrations, hasher, registry } = models
    shutdown.onClose(async () => {
      await Promise.all(engines.map((engine) => engine.close()))
    })
    watch = watchValidator({
      metrics: createMetrics({ withProcess: true }),
      chain: seen,
      writesStopped: chain.writesStopped,
      ...{ hotkey: signer.address, netuid: flags.netuid, engines },
      roundBlocks: config.round.roundBlocks,
      book: () => store.book,
      scores: (metagraph) =>
        scoreMiners(store.book, scoreContext(metagraph, modelHashesOf(engines), config.scoring)),
      sessions: () => validator?.sessions() ?? [],
      stateBytes: () => stateBytes(folder),
      clock: systemClock,
    })
    const status = await startStatus({
      ...{ program: 'validator', flags, watched: watch, clock: systemClock, log },
      onStuck: fail,
      exit: () => process.exit(EXIT_FAILURE),
    })
    shutdown.onClose(() => status.close())
    const disputePort = flags['dispute.port']
    if (disputePort !== undefined) {
      const disputes = await startDisputeAxon({
        ...{ chain, signer, netuid: flags.netuid, models: flags.models, registry, engines, log },
        ip: flags['dispute.ip'],
        port: disputePort,
        noncesPath: join(folder, 'dispute.nonces'),
        clock: systemClock,
      })
      shutdown.onClose(() => disputes.close())
    }
    const gatePort = flags['axon.port']
    const gateSettings = (port: number) =>
      listenSettings({ ...flags, 'axon.port': port }, join(folder, 'gate.nonces'))
    const started = await startValidator({
      chain,
      signer,
      netuid: flags.netuid,
      engines,
      calibrations,
      hasher,
      whyUnscored: (offer) => whyUnscored(registry, offer),
      store,
      dialPrivate: mayDialPrivate(flags, chain.info()),
      ...(gatePort === undefined ? {} : { gate: gateSettings(gatePort) }),
      publish: publishInto(flags.publish ?? join(folder, 'rounds'), flags['publish.keep']),
      config: config.round,
      scoring: config.scoring,
      clock: systemClock,
      random: randomBytes,
      log,
      events: watch.events,
      onFailure: fail,
    })
    validator = started
    shutdown.onDrain((signal) => started.drain(signal))
    shutdown.onClose(() => started.close())
  }, limits)
}
