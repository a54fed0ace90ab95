import { WsProvider } from '@polkadot/api'
import { StarlingError } from '../../process/errors.ts'
import type { Log } from '../../process/logging.ts'

/** Milliseconds before a lost connection is tried again. */
const RETRY_MS = 1_000

/** A node's JSON-RPC over one WebSocket that comes back by itself. Subscriptions outlive a lost connection. */
export interface RpcConnection {
  readonly provider: WsProvider
  /**
   * Fails with `CHAIN_TIMEOUT`, `CHAIN_UNREACHABLE`, `CHAIN_CLOSED`, or with the node's own error as an {@link RpcReply}.
   */
  request(method: string, params: readonly unknown[]): Promise<unknown>
  /** `work` with the same deadline and the same errors; `what` names it in messages. */
  within<T>(what: string, work: Promise<T>, timeoutMs?: number): Promise<T>
  /** Calls the listener when the connection is lost, and when the client is closed. */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}

/** An error that the node answered with. */
export interface RpcReply extends Error {
  code: number
  data?: unknown
}

export function isRpcReply(error: unknown): error is RpcReply {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
}

/** Connects to a node. Throws `CHAIN_UNREACHABLE` when it does not answer. */
export async function openConnection(endpoint: string, timeoutMs: number, log: Log): Promise<RpcConnection> {
  if (!/^wss?:\/\//.test(endpoint)) {
    throw new StarlingError(
      'CHAIN_UNREACHABLE',
      `${endpoint} is not a WebSocket address`,
      'give ws://… or wss://…',
    )
  }
  const provider = new WsProvider(endpoint, false, {}, timeoutMs)
  const lostListeners = new Set<() => void>()
  let closed = false
  let retry: NodeJS.Timeout | undefined

  await firstConnection(provider, endpoint, timeoutMs)
  provider.on('connected', () => log.info({ endpoint }, 'chain connected'))
  provider.on('disconnected', () => {
    for (const listener of lostListeners) listener()
    if (closed) return
    log.warn({ endpoint }, 'chain connection lost')
    retry = setTimeout(() => void provider.connect().catch(() => {}), RETRY_MS)
  })

  const within = async <T>(what: string, work: Promise<T>, limit = timeoutMs): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new StarlingError('CHAIN_TIMEOUT', `${what} got no answer from ${endpoint} in ${limit} ms`))
      }, limit)
    })
    // It may lose the race and fail later.
    work.catch(() => {})
    try {
      if (closed) throw closedError(what)
      return await Promise.race([work, late])
    } catch (error) {
      if (error instanceof StarlingError || isRpcReply(error)) throw error
      if (closed) throw closedError(what)
      throw unreachable(endpoint, `${what} failed`, error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    provider,
    request: (method, params) => within(method, provider.send(method, [...params])),
    within,
    onLost(listener) {
      lostListeners.add(listener)
      return () => lostListeners.delete(listener)
    },
    async close() {
      if (closed) return
      closed = true
      clearTimeout(retry)
      await disconnected(provider)
    },
  }
}

/** The library waits for ever; here the first failure or the deadline ends it. */
async function firstConnection(provider: WsProvider, endpoint: string, timeoutMs: number): Promise<void> {
  const stops: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: unknown) => reject(unreachable(endpoint, 'no connection', cause))
      stops.push(provider.on('connected', () => resolve()))
      stops.push(provider.on('error', fail))
      stops.push(provider.on('disconnected', () => fail(undefined)))
      timer = setTimeout(() => fail(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
      provider.connect().catch(fail)
    })
  } catch (error) {
    await provider.disconnect().catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}

async function disconnected(provider: WsProvider): Promise<void> {
  if (!provider.isConnected) return provider.disconnect()
  const gone = new Promise<void>((resolve) => {
    provider.on('disconnected', () => resolve())
  })
  await provider.disconnect()
  await gone
}

function unreachable(endpoint: string, what: string, cause: unknown): StarlingError {
  const detail = cause instanceof Error && cause.message !== '' ? ` (${cause.message.split('\n')[0]})` : ''
  return new StarlingError(
    'CHAIN_UNREACHABLE',
    `${what}: the chain at ${endpoint} cannot be reached${detail}`,
    'check the endpoint and that the node is running',
    { cause },
  )
}

function closedError(what: string): StarlingError {
  return new StarlingError('CHAIN_CLOSED', `${what}: the chain client is closed`)
}
