import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { AxonAddress, ChainClient } from '../shared/chain/chain-client.ts'
import { ownNeuron } from '../shared/chain/own-neuron.ts'
import { watchPermits } from '../shared/chain/permits.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { DisputeDesk } from '../shared/dispute/desk.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import type { Clock } from '../shared/process/clock.ts'
import type { Log } from '../shared/process/logging.ts'
import { fromHex } from '../shared/proof/hash.ts'
import type { Answerer } from './answerer.ts'
import { drainMiner } from './drain.ts'
import type { PendingAnswer } from './generation.ts'
import { createHandler, type HandlerParts } from './handler.ts'
import type { AnswerJudge } from './judges.ts'
import type { PendingVerdict } from './judging.ts'
import { createOwedReceipts } from './owed-receipts.ts'
import { createPending } from './pending.ts'
import { followRegistration } from './registration.ts'
import { type AxonSettings, type OutboundSettings, type Serving, startServing } from './serving.ts'
import type { MinerEvents } from './watch/events.ts'
import { watchHandler } from './watch/watch-work.ts'

export interface MinerOptions {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  /** The model that this miner declares. */
  readonly model: ModelInfo
  readonly answerer: Answerer
  readonly judge: AnswerJudge
  /** Where disputes are answered; absent where the backend has no reference run. */
  readonly disputes?: DisputeDesk
  readonly axon: AxonSettings | OutboundSettings
  /** Where receipts are kept. */
  readonly stateFolder: string
  /** Least stake of a validator, rao. */
  readonly minStake: bigint
  readonly clock: Clock
  readonly log: Log
  /** Told of what happens, for metrics and the status page. */
  readonly events?: MinerEvents
}

export interface Miner {
  /** Validators that are connected now. */
  connections(): number
  /** Where validators dial; undefined for a miner that dials them. */
  readonly address: AxonAddress | undefined
  /** Rejects when the miner can go on no longer: it lost its place on the subnet, or its address cannot be written. */
  readonly ended: Promise<never>
  /** Refuses new challenges and waits until what was committed to is revealed, or the signal aborts; see {@link drainMiner}. */
  drain(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * How long a commit may wait for its reveal: until the slowest miner's commit is in (60 s by default), a block holds the anchor of all
 * of them (8 blocks of 12 s at most), and another one follows.
 */
const PENDING_MS = 300_000
/** Answers, and verdicts, that may wait at once. */
const PENDING_CAPACITY = 1024
const PERMIT_REFRESH_BLOCKS = 25
/** A miner that dials looks for new gates at each look: once a minute. */
const GATE_REFRESH_BLOCKS = 5
const DRAIN_LOOK_MS = 100

/**
 * Serves challenges: opens the axon, then writes its address on chain, at once or as soon as the chain takes it; or dials the
 * validators.
 * @throws StarlingError NOT_REGISTERED, AXON_PORT_TAKEN, CHAIN_…
 */
export async function startMiner(options: MinerOptions): Promise<Miner> {
  const { chain, signer, netuid, clock, log, events } = options
  const metagraph = await chain.metagraph(netuid)
  const own = ownNeuron(metagraph, signer.address)
  const registration = followRegistration(netuid, own, metagraph.block)
  const { ended, end } = ending()
  let serving: Serving | undefined

  const permits = await watchPermits({
    chain,
    netuid,
    minStake: options.minStake,
    refreshBlocks: 'outbound' in options.axon ? GATE_REFRESH_BLOCKS : PERMIT_REFRESH_BLOCKS,
    onLook(seen) {
      const standing = registration.look(seen)
      if (standing.kind === 'lost') end(standing.error)
      serving?.look(seen)
      if (standing.kind !== 'moved') return
      log.warn({ uid: standing.neuron.uid, hotkey: signer.address }, 'registered anew')
      serving?.registered(standing.neuron, seen).catch(end)
    },
    log,
  })
  const { name, hash, executionClass } = options.model
  const answers = createPending<PendingAnswer>(PENDING_CAPACITY, PENDING_MS, clock)
  const verdicts = createPending<PendingVerdict>(PENDING_CAPACITY, PENDING_MS, clock)
  const owed = createOwedReceipts(clock)
  const watched = (handler: HandlerParts) => {
    const handle = owed.watch(createHandler(handler))
    return events === undefined ? handle : watchHandler(handle, clock.monotonic, events)
  }
  const started = await startServing(options.axon, {
    ...{ chain, signer, netuid },
    models: [{ name, hash: fromHex(hash), executionClass }],
    authorize: permits.check,
    handle: watched({
      generation: {
        answerer: options.answerer,
        model: options.model,
        signer,
        pending: answers,
        randomBytes,
      },
      judging: {
        judge: options.judge,
        model: options.model,
        signer,
        pending: verdicts,
        randomBytes,
      },
      ...(options.disputes === undefined ? {} : { disputes: options.disputes }),
      receipts: {
        hotkey: signer.address,
        folder: options.stateFolder,
        anchorOf: (validator) => chain.commitmentOf(netuid, validator),
        log,
        events,
      },
      log,
    }),
    clock,
    onFailure: end,
    onFrame: events?.onFrame,
    log,
  })
  serving = started
  const close = async () => {
    permits.close()
    await started.close()
  }
  try {
    await started.registered(own, metagraph)
  } catch (error) {
    await close()
    throw error
  }
  const { address, connections } = started
  const about = { uid: own.uid, hotkey: signer.address, model: name }
  log.info({ ...address, ...about }, address === undefined ? 'miner dials validators' : 'axon open')
  const drain = (stop: AbortSignal) =>
    drainMiner({ pending: [answers, verdicts], owed: owed.count, connections, pause, log }, stop)
  return { address, connections, ended, drain, close }
}

/** A moment between two looks at what is still to be revealed. */
async function pause(signal: AbortSignal): Promise<void> {
  await setTimeout(DRAIN_LOOK_MS, undefined, { signal }).catch(() => {})
}

/** A promise that only ever rejects, and what rejects it. */
function ending(): { ended: Promise<never>; end: (error: unknown) => void } {
  let end: (error: unknown) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  // Whoever runs the miner decides when to look.
  ended.catch(() => {})
  return { ended, end }
}
