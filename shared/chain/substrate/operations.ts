import type { ApiPromise } from '@polkadot/api'
import type { ChainAdmin, ChainClient } from '../chain-client.ts'
import { createAdmin } from './admin.ts'
import type { Heads } from './heads.ts'
import { createReads } from './reads.ts'
import type { RpcConnection } from './rpc-connection.ts'
import type { Submitter } from './submit.ts'
import { createWrites } from './writes.ts'

/** What the operations of a client work with. */
export interface Session {
  /** Read anew for every operation: a runtime upgrade changes its metadata. */
  readonly api: ApiPromise
  /** What the node says the chain is. */
  readonly chainType: string | undefined
  readonly connection: RpcConnection
  readonly heads: Heads
  readonly submitter: Submitter
  /** How the runtime differs from what this client knows; undefined while it may write. */
  writesStopped(): string | undefined
  close(): void
}

/** The port's operations over one session. */
export function createOperations(session: Session): ChainClient & ChainAdmin {
  return {
    ...createReads(session),
    ...createWrites(session),
    ...createAdmin(session),
    onBlock: (listener) => session.heads.listen(listener),
    writesStopped: () => session.writesStopped(),
    async close() {
      session.close()
    },
  }
}
