import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { ChainClient, Neuron } from '../shared/chain/chain-client.ts'
import { ownNeuron } from '../shared/chain/own-neuron.ts'
import { watchPermits } from '../shared/chain/permits.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { DisputeDesk } from '../shared/dispute/desk.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import type { Clock } from '../shared/process/clock.ts'
import type { Log } from '../shared/process/logging.ts'
import { fromHex } from '../shared/proof/hash.ts'
import { startAxon } from '../shared/protocol/axon-server.ts'
import type { Answerer } from './answerer.ts'
import { drainMiner } from './drain.ts'
import type { PendingAnswer } from './generation.ts'
import { createHandler } from './handler.ts'
import type { AnswerJudge } from './judges.ts'
import type { PendingVerdict } from './judging.ts'
import { createPending } from './pending.ts'
import { followRegistration } from './registration.ts'
import { publishAxon } from './serving.ts'

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
  readonly axon: {
    readonly ip: string
    readonly port: number
    /** What validators should dial, where it differs from what the miner binds. */
    readonly externalIp?: string
    readonly externalPort?: number
  }
  /** Where receipts are kept. */
  readonly stateFolder: string
  /** Least stake of a validator, rao. */
  readonly minStake: bigint
  readonly clock: Clock
  readonly log: Log
}

export interface Miner {
  readonly ip: string
  readonly port: number
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
const DRAIN_LOOK_MS = 100

/**
 * Serves challenges: opens the axon, then writes its address on chain, at once or as soon as the chain takes it.
 * @throws StarlingError NOT_REGISTERED, AXON_PORT_TAKEN, CHAIN_…
 */
export async function startMiner(options: MinerOptions): Promise<Miner> {
  const { chain, signer, netuid, clock, log } = options
  const metagraph = await chain.metagraph(netuid)
  const own = ownNeuron(metagraph, signer.address)
  const registration = followRegistration(netuid, own, metagraph.block)
  const { ended, end } = ending()
  let publish = async (_neuron: Neuron) => {}

  const permits = await watchPermits({
    chain,
    netuid,
    minStake: options.minStake,
    refreshBlocks: PERMIT_REFRESH_BLOCKS,
    onLook(seen) {
      const standing = registration.look(seen)
      if (standing.kind === 'lost') end(standing.error)
      if (standing.kind !== 'moved') return
      log.warn({ uid: standing.neuron.uid, hotkey: signer.address }, 'registered anew')
      publish(standing.neuron).catch(end)
    },
    log,
  })
  const { name, hash, executionClass } = options.model
  const answers = createPending<PendingAnswer>(PENDING_CAPACITY, PENDING_MS, clock)
  const verdicts = createPending<PendingVerdict>(PENDING_CAPACITY, PENDING_MS, clock)
  const axon = await startAxon({
    ip: options.axon.ip,
    port: options.axon.port,
    signer,
    models: [{ name, hash: fromHex(hash), executionClass }],
    authorize: permits.check,
    handle: createHandler({
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
      },
      log,
    }),
    clock,
    log,
  })
  let publication = new AbortController()
  const close = async () => {
    publication.abort()
    permits.close()
    await axon.close()
  }

  const address = {
    ip: options.axon.externalIp ?? axon.ip,
    port: options.axon.externalPort ?? axon.port,
  }
  publish = async (neuron) => {
    publication.abort()
    publication = new AbortController()
    const { signal } = publication
    const begun = await publishAxon({ chain, signer, netuid, address, signal, log }, neuron)
    if (begun?.waits === true) begun.written.catch(end)
    else await begun?.written
  }
  try {
    await publish(own)
  } catch (error) {
    await close()
    throw error
  }
  log.info({ ...address, uid: own.uid, hotkey: signer.address, model: name }, 'axon open')
  const connections = () => axon.connections()
  const drain = (stop: AbortSignal) =>
    drainMiner({ pending: [answers, verdicts], connections, pause, log }, stop)
  return { ...address, ended, drain, close }
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
