import type { ApiPromise } from '@polkadot/api'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Log } from '../../process/logging.ts'
import type { Signer } from '../wallet/signer.ts'
import { follow, isPassing, lookFor, newPending, outcomeUnknown, type Pending } from './follow.ts'
import { createChainLook, type Included } from './inclusion.ts'
import type { Call } from './metadata.ts'
import { stoppedError } from './runtime-check.ts'
import type { ChainSession } from './session.ts'
import { nameOf, signCall } from './sign.ts'

/** Signs transactions and sees them through to a finalized block. */
export interface Submitter {
  /**
   * Fails with a readable error for every way in which the chain can refuse. Lost connections are outlived: the outcome is
   * read from the chain, and nothing new of the account is signed while an earlier transaction’s outcome is open. After
   * `CHAIN_OUTCOME_UNKNOWN` and `CHAIN_CLOSED` the transaction may still get into a block.
   */
  submit(signer: Signer, call: Call): Promise<Included>
}

/** One account’s transactions. */
interface Lane {
  /** The last one on its way into the pool: the next nonce is known only after it. */
  turn: Promise<unknown>
  /** Sent, and not known to be in a block or never to be. */
  readonly open: Set<Pending>
  /** Those of them that nobody waits for any more. */
  readonly abandoned: Set<Pending>
}

/** `stillMs` is how long there may be no new block before an outcome is given up, in milliseconds. */
export function createSubmitter(session: ChainSession, stillMs: number, log: Log): Submitter {
  const { connection, heads } = session
  const look = createChainLook(() => session.runtime().api, connection)
  const lanes = new Map<string, Lane>()

  const laneOf = (address: string): Lane => {
    const lane = lanes.get(address) ?? { turn: Promise.resolve(), open: new Set(), abandoned: new Set() }
    lanes.set(address, lane)
    return lane
  }

  /** What was given up may be in the chain by now. Throws `CHAIN_OUTCOME_UNKNOWN` while that is open. */
  const settleAbandoned = async ({ open, abandoned }: Lane) => {
    for (const pending of abandoned) {
      const settled = await lookFor(pending, session, look).catch((error: unknown) => !isPassing(error))
      if (settled === undefined || settled === false) throw outcomeUnknown(pending)
      abandoned.delete(pending)
      open.delete(pending)
    }
  }

  const sign = async (signer: Signer, call: Call, { open }: Lane) => {
    const answer = await connection.request('system_accountNextIndex', [signer.address])
    // The node may not know of what another one was told before it was lost.
    const nonce = Math.max(z.number().parse(answer), ...[...open].map((pending) => pending.nonce + 1))
    await session.settled()
    const { api, stopReason } = session.runtime()
    if (stopReason !== undefined) throw stoppedError(stopReason)
    const birth = heads.newest()
    const signed = await signCall(api, signer, asOf(api, call), { nonce, birth })
    return newPending(signed, birth.number)
  }

  return {
    async submit(signer, call) {
      const lane = laneOf(signer.address)
      const { open, abandoned } = lane
      const turn = lane.turn.then(async () => {
        await settleAbandoned(lane)
        const pending = await sign(signer, call, lane)
        open.add(pending)
        const outcome = follow(pending, session, look, stillMs, log).then(
          (included) => {
            open.delete(pending)
            return included
          },
          (error: unknown) => {
            if (isOpen(error)) abandoned.add(pending)
            else open.delete(pending)
            throw error
          },
        )
        // The turn is over once a node has it, or once all is known.
        await Promise.race([pending.accepted.promise, outcome.catch(() => {})])
        return { outcome }
      })
      lane.turn = turn.catch(() => {})
      return (await turn).outcome
    },
  }
}

function isOpen(error: unknown): boolean {
  return error instanceof StarlingError && error.code === 'CHAIN_OUTCOME_UNKNOWN'
}

/** A call that was made before a runtime upgrade, as the runtime now has it. Throws `CHAIN_REJECTED` where it means another. */
function asOf(api: ApiPromise, call: Call): Call {
  if (call.registry === api.registry) return call
  const again = reread(api, call)
  if (again !== undefined && meaning(again) === meaning(call)) return again
  const message = `the chain’s runtime was upgraded while ${nameOf(call)} waited its turn; nothing was sent`
  throw new StarlingError('CHAIN_REJECTED', message, 'try again')
}

function reread(api: ApiPromise, { method }: Call): Call | undefined {
  try {
    return api.tx(api.registry.createType('Call', method.toU8a()))
  } catch {
    return undefined
  }
}

function meaning({ method }: Call): string {
  return JSON.stringify(method.toHuman())
}
