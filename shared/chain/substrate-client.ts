import { ApiPromise } from '@polkadot/api'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import type { Header } from '@polkadot/types/interfaces'
import { type Log, silentLog } from '../process/logging.ts'
import type { ChainAdmin, ChainClient } from './chain-client.ts'
import { assertExpected, type ExpectedChain, infoOf } from './substrate/chain-info.ts'
import { subscribeHeads } from './substrate/heads.ts'
import { createOperations } from './substrate/operations.ts'
import { openConnection } from './substrate/rpc-connection.ts'
import { checkRuntime, stopReason } from './substrate/runtime-check.ts'
import { EMPTY_EXTENSIONS } from './substrate/spec-table.ts'
import { createSubmitter } from './substrate/submit.ts'

const CALL_TIMEOUT_MS = 15_000
const INCLUSION_TIMEOUT_MS = 90_000

export interface ConnectOptions {
  /** ws:// or wss:// address of a node. */
  endpoint: string
  log?: Log
  /** What the chain must be; anything else fails with `CHAIN_WRONG`. */
  expected?: ExpectedChain
  /** Deadline of every call, in milliseconds. */
  timeoutMs?: number
  /** Deadline for a transaction to get into a finalized block, in milliseconds. */
  inclusionTimeoutMs?: number
}

/**
 * Connects to a node and checks that this is the expected chain. A runtime that this client does not know can be read, but
 * not written to. Throws `CHAIN_UNREACHABLE`, `CHAIN_WRONG` or `CHAIN_TIMEOUT`.
 */
export async function connectChain(options: ConnectOptions): Promise<ChainClient & ChainAdmin> {
  const { endpoint, log = silentLog(), timeoutMs = CALL_TIMEOUT_MS } = options
  const connection = await openConnection(endpoint, timeoutMs, log)
  try {
    const api = new ApiPromise({
      provider: connection.provider as ProviderInterface,
      signedExtensions: EMPTY_EXTENSIONS,
      noInitWarn: true,
    })
    await connection.within('reading the metadata', api.isReadyOrError)
    assertExpected(infoOf(api), endpoint, options.expected)
    const stopped = stopReason(checkRuntime(api))
    if (stopped !== undefined) log.error({ endpoint }, `writes are stopped: ${stopped}`)
    const hashOf = (header: unknown) => api.registry.createType<Header>('Header', header).hash.toHex()
    const heads = await subscribeHeads(connection, hashOf, log)
    const submitter = createSubmitter(api, connection, options.inclusionTimeoutMs ?? INCLUSION_TIMEOUT_MS)
    return createOperations({ api, connection, heads, submitter, writesStopped: () => stopped })
  } catch (error) {
    // The library prints every request that a closing connection cuts off; after one more answer there is none.
    await connection.request('state_getRuntimeVersion', []).catch(() => {})
    await connection.close()
    throw error
  }
}
