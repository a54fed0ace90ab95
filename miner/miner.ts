import { randomBytes } from 'node:crypto'
import type { ChainClient } from '../shared/chain/chain-client.ts'
import { ownNeuron } from '../shared/chain/own-neuron.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import type { Clock } from '../shared/process/clock.ts'
import type { Log } from '../shared/process/logging.ts'
import { VERSION, versionAsInt } from '../shared/process/version.ts'
import { fromHex } from '../shared/proof/hash.ts'
import { startAxon } from '../shared/protocol/axon-server.ts'
import type { Answerer } from './answerer.ts'
import { createHandler } from './handler.ts'
import type { AnswerJudge } from './judging.ts'
import { createPending } from './pending.ts'
import { watchPermits } from './permits.ts'

export interface MinerOptions {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  /** The model that this miner declares. */
  readonly model: ModelInfo
  readonly answerer: Answerer
  readonly judge: AnswerJudge
  readonly axon: {
    readonly ip: string
    readonly port: number
    /** What validators should dial, where it differs from what the miner binds. */
    readonly externalIp?: string
    readonly externalPort?: number
  }
  /** Least stake of a validator, rao. */
  readonly minStake: bigint
  readonly clock: Clock
  readonly log: Log
}

export interface Miner {
  readonly ip: string
  readonly port: number
  close(): Promise<void>
}

/** How long a commit may wait for its reveal. */
const PENDING_MS = 120_000
/** Answers, and verdicts, that may wait at once. */
const PENDING_CAPACITY = 1024
const PERMIT_REFRESH_BLOCKS = 25

/**
 * Serves challenges: opens the axon, then writes its address on chain.
 * @throws StarlingError NOT_REGISTERED, AXON_PORT_TAKEN, CHAIN_…
 */
export async function startMiner(options: MinerOptions): Promise<Miner> {
  const { chain, signer, netuid, clock, log } = options
  const own = ownNeuron(await chain.metagraph(netuid), signer.address)

  const permits = await watchPermits({
    chain,
    netuid,
    minStake: options.minStake,
    refreshBlocks: PERMIT_REFRESH_BLOCKS,
    log,
  })
  const { name, hash, executionClass } = options.model
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
        pending: createPending(PENDING_CAPACITY, PENDING_MS, clock),
        randomBytes,
      },
      judging: {
        judge: options.judge,
        signer,
        pending: createPending(PENDING_CAPACITY, PENDING_MS, clock),
        randomBytes,
      },
      log,
    }),
    clock,
    log,
  })
  const close = async () => {
    permits.close()
    await axon.close()
  }

  const address = {
    ip: options.axon.externalIp ?? axon.ip,
    port: options.axon.externalPort ?? axon.port,
  }
  try {
    // The chain limits how often an axon may change, and a restart on the same address needs no change.
    if (own.axon?.ip !== address.ip || own.axon.port !== address.port) {
      await chain.serveAxon(signer, { netuid, ...address, version: versionAsInt(VERSION) })
    }
  } catch (error) {
    await close()
    throw error
  }
  log.info({ ...address, uid: own.uid, hotkey: signer.address, model: name }, 'axon open')
  return { ...address, close }
}
