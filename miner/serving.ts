import type { ChainClient, Neuron } from '../shared/chain/chain-client.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { Log } from '../shared/process/logging.ts'
import { VERSION, versionAsInt } from '../shared/process/version.ts'

/** Where validators are to dial. */
export interface Address {
  readonly ip: string
  readonly port: number
}

export interface ServingParts {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  readonly address: Address
  /** Aborted when the miner stops. */
  readonly signal: AbortSignal
  readonly log: Log
}

/**
 * Writes the address on chain unless it stands there. The chain takes a change only so many blocks after the last one
 * (`servingRateLimit`); until then validators dial the old address.
 *
 * Returns a promise of the writing, which waits for that block; undefined when there is nothing to write.
 */
export async function publishAxon(
  parts: ServingParts,
  own: Neuron,
): Promise<{ waits: boolean; written: Promise<void> } | undefined> {
  const { chain, netuid, address, log } = parts
  if (own.axon?.ip === address.ip && own.axon.port === address.port) return undefined
  const [{ servingRateLimit }, head] = await Promise.all([chain.hyperparameters(netuid), chain.head()])
  const allowedAt = own.axon?.servedAt === undefined ? 0 : own.axon.servedAt + servingRateLimit
  const remaining = allowedAt - head.number
  if (remaining <= 0) return { waits: false, written: serve(parts) }
  log.warn(
    { ...address, onChain: own.axon, blocks: remaining, block: allowedAt },
    'the chain takes a new axon address only after some blocks; waiting',
  )
  return { waits: true, written: serveAt(parts, allowedAt) }
}

async function serve({ chain, signer, netuid, address }: ServingParts): Promise<void> {
  await chain.serveAxon(signer, { netuid, ...address, version: versionAsInt(VERSION) })
}

/** Serves once the chain has reached a block; gives up silently when the miner stops before. */
async function serveAt(parts: ServingParts, block: number): Promise<void> {
  const { chain, signal, log, address } = parts
  await new Promise<void>((resolve) => {
    const unsubscribe = chain.onBlock(({ number }) => {
      if (number >= block) done()
    })
    const done = () => {
      unsubscribe()
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
  if (signal.aborted) return
  await serve(parts)
  log.info({ ...address }, 'axon address on chain')
}
