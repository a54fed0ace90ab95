import { join } from 'node:path'
import type { ChainClient } from '../shared/chain/chain-client.ts'
import { watchPermits } from '../shared/chain/permits.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import { createDesk } from '../shared/dispute/desk.ts'
import { heldModels } from '../shared/dispute/held-models.ts'
import type { Engine } from '../shared/inference/engine.ts'
import { lazyEvaluator } from '../shared/inference/reference/lazy-evaluator.ts'
import type { Registry } from '../shared/inference/registry/registry.ts'
import type { Clock } from '../shared/process/clock.ts'
import { StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { fromHex } from '../shared/proof/hash.ts'
import type { Axon } from '../shared/protocol/axon.ts'
import { startAxon } from '../shared/protocol/axon-server.ts'
import { MESSAGE_LIMITS } from '../shared/protocol/limits.ts'
import { openListenerNonces } from '../shared/protocol/listener-nonces.ts'

export interface DisputeAxonOptions {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  /** File of accepted upgrades, so that none is accepted again after a restart; in memory alone unless given. */
  readonly noncesPath?: string
  /** Folder that holds one folder a model. */
  readonly models: string
  readonly registry: Registry
  readonly engines: readonly Pick<Engine, 'model'>[]
  readonly clock: Clock
  readonly log: Log
}

/** Blocks after which permits are read anew. */
const PERMIT_REFRESH_BLOCKS = 25

/**
 * Opens the axon at which this validator answers referees about answers that it rejected. It serves nothing else, and only hotkeys with a
 * validator permit. @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS, CHAIN_…
 */
export async function startDisputeAxon(
  options: DisputeAxonOptions,
): Promise<Pick<Axon, 'ip' | 'port' | 'close'>> {
  const { chain, signer, netuid, ip, port, models, registry, engines, clock, log } = options
  const folders = registry.models.flatMap(({ hash, folder }) =>
    folder === undefined ? [] : [[hash, join(models, folder)] as const],
  )
  const { evaluate, close } = lazyEvaluator()
  const model = heldModels(new Map(folders), registry)
  const desk = createDesk({ side: 'challenger', signer, model, evaluate, clock, log })
  const permits = await watchPermits({
    ...{ chain, netuid, log },
    minStake: 0n,
    refreshBlocks: PERMIT_REFRESH_BLOCKS,
  })
  const { noncesPath } = options
  const nonces = noncesPath === undefined ? undefined : openListenerNonces(noncesPath)
  const axon = await startAxon({
    ...{ ip, port, signer, clock, log },
    ...(nonces === undefined ? {} : { nonces }),
    models: engines.slice(0, MESSAGE_LIMITS.models).map(({ model: { name, hash, executionClass } }) => {
      return { name, hash: fromHex(hash), executionClass }
    }),
    authorize: permits.check,
    async handle(request) {
      if (request.type === 'dispute-open') return desk.open(request)
      if (request.type === 'dispute-move') return desk.move(request)
      throw new StarlingError('BAD_REQUEST', 'this axon answers referees alone')
    },
  })
  log.info({ ip: axon.ip, port: axon.port }, 'disputes are answered')
  return {
    ip: axon.ip,
    port: axon.port,
    async close() {
      permits.close()
      await axon.close()
      nonces?.close()
      await close()
    },
  }
}
