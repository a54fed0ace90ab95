import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Log } from '../../process/logging.ts'
import { type Deferred, deferred } from './deferred.ts'
import type { ChainLook, Included } from './inclusion.ts'
import { poolRejection } from './rejection.ts'
import { isRpcReply } from './rpc-message.ts'
import type { RpcSocket } from './rpc-socket.ts'
import type { ChainSession } from './session.ts'
import { MORTAL_BLOCKS, type Mortal } from './sign.ts'

const WATCH = { start: 'author_submitAndWatchExtrinsic', stop: 'author_unwatchExtrinsic' }

const statusSchema = z.union([
  z.string().transform((kind): [string, unknown] => [kind, undefined]),
  z.record(z.string(), z.unknown()).transform((status) => Object.entries(status)[0] ?? ['', undefined]),
])

/** A transaction that is on its way, and what is known of it. */
export interface Pending extends Mortal {
  /** A node took it, so the account’s next transaction may follow it. */
  readonly accepted: Deferred<void>
  /** Times that the bytes may have reached a node. */
  sends: number
  /** The socket over which a node was told of it and answered. */
  sentOver: RpcSocket | undefined
  /** The account’s nonce was not used up to this block. */
  unusedUpTo: number
  /** Where a node says that it is final. */
  finalIn: string | undefined
  /** A node says that it never can be in a block. */
  invalid: boolean
}

export function newPending(signed: Mortal, unusedUpTo: number): Pending {
  const unsent = { sends: 0, sentOver: undefined, finalIn: undefined, invalid: false }
  return { ...signed, ...unsent, accepted: deferred<void>(), unusedUpTo }
}

/**
 * The outcome by what the chain says up to its newest finalized block; undefined while all is open. What nodes say of
 * their pools only tells where to look. Throws the runtime’s refusal, or `CHAIN_REJECTED` once it can be in no block.
 */
export async function lookFor(
  pending: Pending,
  session: ChainSession,
  look: ChainLook,
): Promise<Included | undefined> {
  const { name, address, nonce, finalIn } = pending
  if (finalIn !== undefined) {
    pending.finalIn = undefined
    const included = await look.outcomeIn(finalIn, pending)
    if (included !== undefined) return included
  }
  const head = session.heads.newest()
  if (head.number > pending.unusedUpTo) {
    if ((await look.nonceAt(address, head.hash)) > nonce) {
      const block = await look.blockOfNonce(address, nonce, pending.unusedUpTo, head)
      const included = await look.outcomeIn(block, pending)
      if (included !== undefined) return included
      throw rejected(name, 'another transaction of this account took its place')
    }
    pending.unusedUpTo = head.number
  }
  // The last block that it can be in is the one before its death.
  if (pending.unusedUpTo >= pending.death - 1) throw rejected(name, 'no block took it while it was valid')
  if (pending.invalid) throw rejected(name, 'invalid')
  return undefined
}

/**
 * Sends a transaction and sees it through: over lost connections the same bytes are sent again, which cannot put it into
 * the chain twice. Throws what {@link lookFor} does, the pool’s refusal, `CHAIN_CLOSED`, or `CHAIN_OUTCOME_UNKNOWN` when
 * there was no new block for `stillMs` milliseconds.
 */
export async function follow(
  pending: Pending,
  session: ChainSession,
  look: ChainLook,
  stillMs: number,
  log: Log,
): Promise<Included> {
  const { connection, heads } = session
  let woken = deferred<void>()
  let still = false
  let stopWatching = () => {}
  const wake = () => woken.resolve()
  const timer = setTimeout(() => {
    still = true
    wake()
  }, stillMs)

  const onStatus = (status: unknown) => {
    const [kind, detail] = statusSchema.parse(status)
    if (kind === 'finalized') pending.finalIn = z.string().parse(detail)
    else if (kind === 'invalid') pending.invalid = true
    else if (kind === 'dropped' || kind === 'usurped') pending.sentOver = undefined
    else return
    wake()
  }

  const send = async (socket: RpcSocket) => {
    pending.sends++
    try {
      stopWatching = await socket.subscribe(WATCH, [pending.encoded], onStatus)
    } catch (error) {
      if (!isRpcReply(error)) throw error
      // Once a node may have it, another one’s pool proves nothing: it also refuses what is in a block already.
      if (pending.sends === 1) throw poolRejection(pending.name, error)
    }
    pending.sentOver = socket
    pending.accepted.resolve()
  }

  const step = async (): Promise<Included | undefined> => {
    const included = pending.sends === 0 ? undefined : await lookFor(pending, session, look)
    if (included !== undefined) return included
    const socket = await connection.socket()
    if (socket !== pending.sentOver) await send(socket)
    return undefined
  }

  const stops = [
    heads.listen(() => {
      timer.refresh()
      wake()
    }),
    connection.onSocket(wake),
  ]
  connection.signal.addEventListener('abort', wake)
  try {
    for (;;) {
      woken = deferred<void>()
      if (connection.signal.aborted) throw closed(pending)
      if (still || heads.newest().number >= pending.death + MORTAL_BLOCKS) throw outcomeUnknown(pending)
      try {
        const included = await step()
        if (included !== undefined) return included
      } catch (error) {
        if (pending.sends === 0 || !isPassing(error)) throw error
        log.warn({ call: pending.name, error: String(error) }, 'transaction not seen to its end yet')
      }
      await woken.promise
    }
  } finally {
    clearTimeout(timer)
    for (const stop of stops) stop()
    connection.signal.removeEventListener('abort', wake)
    stopWatching()
  }
}

/** True for failures of the connection or of a node’s answer; what the chain itself refuses is for good. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof StarlingError)) return true
  return ['CHAIN_TIMEOUT', 'CHAIN_UNREACHABLE', 'CHAIN_NODE_ERROR'].includes(error.code)
}

export function outcomeUnknown({ name, hash, death }: Pending): StarlingError {
  return new StarlingError(
    'CHAIN_OUTCOME_UNKNOWN',
    `nobody can tell what became of ${name} (${hash}); it may still get into a block before ${death}`,
    'look at the chain before you try again',
  )
}

function rejected(name: string, why: string): StarlingError {
  return new StarlingError('CHAIN_REJECTED', `the chain did not take ${name}: ${why}`, 'try again')
}

function closed({ name, hash }: Pending): StarlingError {
  const message = `${name} (${hash}): the chain client is closed; it may still get into a block`
  return new StarlingError('CHAIN_CLOSED', message)
}
