import type { Log } from '../process/logging.ts'
import { VERSION, versionAsInt } from '../process/version.ts'
import type { AxonAddress, ChainClient, Neuron } from './chain-client.ts'
import type { Signer } from './wallet/signer.ts'

export interface PublishParts {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  /** Where others are to dial. */
  readonly address: AxonAddress
  /** Aborted when the program stops. */
  readonly signal: AbortSignal
  readonly log: Log
}

/**
 * Writes the address on chain unless it stands there. The chain takes a change only so many blocks after the last one
 * (`servingRateLimit`); until then others dial the old address.
 *
 * Returns a promise of the writing, which waits for that block; undefined when there is nothing to write.
 */
export async function publishAxon(
  parts: PublishParts,
  own: Neuron,
): Promise<{ waits: boolean; written: Promise<void> } | undefined> {
  const { chain, netuid, address, log } = parts
  if (own.axon !== undefined && isSame(own.axon, address)) return undefined
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

function isSame(a: AxonAddress, b: AxonAddress): boolean {
  return a.ip === b.ip && a.port === b.port && a.tls === b.tls && a.gate === b.gate
}

async function serve({ chain, signer, netuid, address }: PublishParts): Promise<void> {
  await chain.serveAxon(signer, { netuid, ...address, version: versionAsInt(VERSION) })
}

/** Serves once the chain has reached a block; gives up silently when the program stops before. */
async function serveAt(parts: PublishParts, block: number): Promise<void> {
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
