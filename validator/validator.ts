import { setMaxListeners } from 'node:events'
import type { BlockHeader, ChainClient } from '../shared/chain/chain-client.ts'
import { ownNeuron } from '../shared/chain/own-neuron.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { Engine } from '../shared/inference/engine.ts'
import type { Clock } from '../shared/process/clock.ts'
import { describeError, hasCode } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { onAbort } from '../shared/process/on-abort.ts'
import type { StoredCalibration } from '../shared/proof/sketch/read-calibration.ts'
import { connectAxon } from '../shared/protocol/axon-client.ts'
import type { Session } from '../shared/protocol/session.ts'
import { watchSession } from '../shared/protocol/watch-session.ts'
import type { AnswerHasher } from '../shared/similarity/hash-answer.ts'
import type { RoundConfig } from './config.ts'
import { modelHashesOf } from './engines.ts'
import { type GateSettings, openGate } from './gate.ts'
import { createPeers, type PeerOptions } from './peers.ts'
import { createRoundCalendar } from './round/calendar.ts'
import { runRound } from './round/run-round.ts'
import { scoreContext } from './round/score-context.ts'
import type { Participant } from './round/types.ts'
import type { ScoringConfig } from './scoring/config.ts'
import { hotkeysToWatch } from './scoring/evidence.ts'
import { scoreMiners } from './scoring/score-miners.ts'
import type { ScoreStore } from './store/score-store.ts'
import type { Publish } from './transcript/publish.ts'
import type { ValidatorEvents } from './watch/events.ts'
import { createPublisher } from './weights/publisher.ts'

export interface ValidatorOptions {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  /** One for each model of the registry in each class that this validator verifies. */
  readonly engines: readonly Engine[]
  /** Of the models whose hidden states miners must prove, by model hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** Of the reference model; without it, judges see every answer, however alike. */
  readonly hasher?: AnswerHasher | undefined
  /** What keeps a miner's offer from being scored, for the log. */
  readonly whyUnscored: PeerOptions['whyUnscored']
  /** True to dial private and reserved addresses as well. */
  readonly dialPrivate: boolean
  /** Where miners that listen nowhere dial in; none unless given. */
  readonly gate?: GateSettings
  readonly store: ScoreStore
  /** Where every settled round goes. */
  readonly publish: Publish
  readonly config: RoundConfig
  readonly scoring: ScoringConfig
  readonly clock: Clock
  /** That many cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly log: Log
  /** Called once when the validator cannot go on: with NOT_REGISTERED, when its hotkey has lost its uid. */
  readonly onFailure: (error: unknown) => void
  /** Told of what happens, for metrics and the status page. */
  readonly events?: ValidatorEvents
}

export interface Validator {
  /** The connections to miners that stand now. */
  sessions(): readonly Session[]
  /** Begins no further round, and waits until the one under way is settled or the signal aborts. */
  drain(signal: AbortSignal): Promise<void>
  /** Gives up the round under way, which then counts for nobody, and disconnects. */
  close(): Promise<void>
}

/**
 * Runs rounds, timed by blocks, and publishes what they settle, until closed. A round that fails is logged and the next one tries again; one that outlasts its
 * blocks makes the validator skip rounds rather than fall behind.
 * @throws StarlingError NOT_REGISTERED, CHAIN_…
 */
export async function startValidator(options: ValidatorOptions): Promise<Validator> {
  const { chain, signer, netuid, engines, store, config, log, events } = options
  const first = await chain.metagraph(netuid)
  const own = ownNeuron(first, signer.address)

  const stop = new AbortController()
  // Every miner that is asked at once listens to it.
  setMaxListeners(0, stop.signal)
  const models = engines.map(({ model }) => model)
  const peers = createPeers({
    signer,
    registry: models,
    whyUnscored: options.whyUnscored,
    modelBefore: (hotkey) => store.book.miners[hotkey]?.model ?? undefined,
    ...{ netuid, neurons: first.neurons, dialPrivate: options.dialPrivate },
    hasGate: options.gate !== undefined,
    dial: (to) => connectAxon({ ...to, onFrame: events?.onFrame }),
    signal: stop.signal,
    log,
  })
  const gate =
    options.gate === undefined
      ? undefined
      : await openGate(options.gate, {
          chain,
          signer,
          netuid,
          own,
          peers,
          clock: options.clock,
          onFrame: events?.onFrame,
          signal: stop.signal,
          log,
        })
  const chainMarker = chain.info().marker
  const watched = (one: Participant): Participant =>
    events === undefined
      ? one
      : { ...one, session: watchSession(one.session, options.clock.monotonic, events.onAsked) }

  let newest: BlockHeader
  /** Rounds in a row in which no miner was heard. */
  let unheard = 0

  const round = async (opened: BlockHeader) => {
    const number = Math.floor(opened.number / config.roundBlocks)
    const [metagraph, rules] = await Promise.all([chain.metagraph(netuid), chain.hyperparameters(netuid)])
    ownNeuron(metagraph, signer.address)
    await peers.refresh(metagraph)
    const participants = peers.participants(metagraph).map(watched)
    if (participants.length === 0) {
      log.info({ round: number }, 'no miner to ask')
      events?.onLostRound('empty')
      return
    }
    const entry = await runRound(
      number,
      opened,
      { metagraph, rules },
      participants,
      { ...options, chainMarker, newestBlock: () => newest, unheardBefore: unheard },
      stop.signal,
    )
    unheard = 0
    events?.onRound(entry)
    const near = hotkeysToWatch(store.book, options.scoring)
    if (Object.keys(near).length > 0)
      log.info({ round: number, watched: near }, 'evidence stands near its threshold')
  }

  const publisher = createPublisher({
    chain,
    signer,
    netuid,
    recorded: store.publications,
    record(entry) {
      store.recordWeights(entry)
      events?.onWeights(entry)
    },
    scores: {
      round: () => store.book.round,
      of: (metagraph) =>
        scoreMiners(store.book, scoreContext(metagraph, modelHashesOf(engines), options.scoring)),
    },
    clock: options.clock,
    random: options.random,
    log,
  })

  let isFailed = false
  const fail = (error: unknown) => {
    if (isFailed || stop.signal.aborted) return
    isFailed = true
    options.onFailure(error)
  }

  const rounds = createRoundCalendar(config.roundBlocks)
  let running: Promise<void> | undefined
  let isDraining = false
  const unsubscribe = chain.onBlock((header) => {
    newest = header
    // Not only after rounds: reveals and retries are due by block.
    publisher.see(header).catch(fail)
    const { due, missed } = rounds.see(header.number)
    for (const { round, reason } of missed) {
      log.warn({ round, reason }, 'round skipped')
      events?.onLostRound('skipped')
    }
    if (due === undefined || isDraining || stop.signal.aborted) return
    // A validator that was restarted does not run a round twice.
    if (due <= store.book.round) return
    if (running !== undefined) {
      log.warn({ round: due, reason: 'the round before is under way' }, 'round skipped')
      events?.onLostRound('skipped')
      return
    }
    running = round(header)
      .catch((error: unknown) => {
        const where = { round: due, block: header.number }
        if (stop.signal.aborted) log.info(where, 'round given up')
        else if (hasCode(error, 'NOT_REGISTERED')) fail(error)
        else {
          if (hasCode(error, 'ROUND_UNHEARD')) unheard++
          log.error({ ...where, error: describeError(error) }, 'round failed')
          events?.onLostRound('failed')
        }
      })
      .finally(() => {
        running = undefined
      })
  })
  log.info(
    {
      hotkey: signer.address,
      netuid,
      models: models.map(({ name, executionClass }) => `${name} in ${executionClass}`),
    },
    'validator started',
  )

  return {
    sessions: () => peers.sessions(),
    async drain(signal) {
      isDraining = true
      if (running === undefined || signal.aborted) return
      log.info('stopping: the round under way is finished first')
      await Promise.race([running, new Promise<void>((resolve) => onAbort(signal, resolve))])
    },
    async close() {
      unsubscribe()
      publisher.close()
      stop.abort()
      await running
      peers.close()
      await gate?.close()
    },
  }
}
