import { setMaxListeners } from 'node:events'
import type { Clock } from '../../process/clock.ts'
import { StarlingError } from '../../process/errors.ts'
import type { Log } from '../../process/logging.ts'
import { type Deferred, deferred } from './deferred.ts'
import { type Endpoint, failed, newEndpoints, nextEndpoint, proven } from './endpoints.ts'
import { isRpcReply, type RpcReply } from './rpc-message.ts'
import { openSocket, type RpcSocket } from './rpc-socket.ts'

/** JSON-RPC over one socket at a time, replaced by one to the next endpoint whenever it is lost. */
export interface RpcConnection {
  /**
   * A read. One that a lost socket cuts off is asked again over the next. Fails with `CHAIN_TIMEOUT`, `CHAIN_UNREACHABLE`,
   * `CHAIN_CLOSED`, or `CHAIN_NODE_ERROR`.
   */
  request(method: string, params: readonly unknown[]): Promise<unknown>
  /** `work` with the deadline of a read, and its errors; `what` names it in messages. */
  within<T>(what: string, work: Promise<T>): Promise<T>
  /** The socket in use; waits for one until every endpoint has failed once more, then fails with `CHAIN_UNREACHABLE`. */
  socket(): Promise<RpcSocket>
  /** The socket in use; undefined while there is none. */
  current(): RpcSocket | undefined
  /** Calls the listener with every socket that is taken into use from now on. */
  onSocket(listener: (socket: RpcSocket) => void): () => void
  /** The endpoint in use works: its past failures count no more. */
  prove(): void
  /** Aborted when the connection is closed. */
  readonly signal: AbortSignal
  close(): void
}

export interface ConnectionOptions {
  readonly endpoints: readonly string[]
  /** Deadline of one request to one node, in milliseconds; a read may take twice that, over two nodes. */
  readonly timeoutMs: number
  readonly pingMs: number
  /** Makes sure of a new socket before anything else is asked over it; throws where it must not be used. */
  readonly prepare: (socket: RpcSocket) => Promise<void>
  readonly clock: Clock
  /** 0 to 1. */
  readonly random: () => number
  readonly log: Log
}

interface Waiter extends Deferred<RpcSocket> {
  /** Endpoints that failed since it began to wait. */
  failures: number
}

/** Connects to the first endpoint that can be used. Throws what is wrong with them, naming each. */
export async function openConnection(options: ConnectionOptions): Promise<RpcConnection> {
  const { timeoutMs, pingMs, prepare, clock, random, log } = options
  const controller = new AbortController()
  const { signal } = controller
  // Every request under way listens; many at once are no leak.
  setMaxListeners(0, signal)
  const endpoints = [...newEndpoints(options.endpoints)]
  const errors = new Map<string, unknown>()
  const waiters = new Set<Waiter>()
  const listeners = new Set<(socket: RpcSocket) => void>()
  let index = -1
  let current: RpcSocket | undefined

  const update = (at: number, change: (endpoint: Endpoint) => Endpoint) => {
    const endpoint = endpoints[at]
    if (endpoint !== undefined) endpoints[at] = change(endpoint)
  }
  const fail = (at: number) => update(at, (endpoint) => failed(endpoint, clock.monotonic(), random()))

  /** Tries the endpoint at `index`; true when its socket is in use. */
  const attempt = async (): Promise<boolean> => {
    const at = index
    const endpoint = endpoints[at]?.url ?? ''
    try {
      const socket = await openSocket(endpoint, { timeoutMs, pingMs, signal })
      try {
        await prepare(socket)
        if (socket.isLost) throw new Error('the connection was lost')
      } catch (error) {
        socket.drop('it is not used')
        throw error
      }
      adopt(at, socket)
      return true
    } catch (error) {
      fail(at)
      errors.set(endpoint, error)
      if (!signal.aborted) log.warn({ endpoint, error: messageOf(error) }, 'chain endpoint not used')
      for (const waiter of waiters) {
        if (++waiter.failures >= endpoints.length) waiter.reject(noEndpoint(endpoints, errors))
      }
      return false
    }
  }

  const adopt = (at: number, socket: RpcSocket) => {
    current = socket
    errors.delete(socket.endpoint)
    log.info({ endpoint: socket.endpoint }, 'chain connected')
    socket.onLost((reason) => {
      current = undefined
      if (signal.aborted) return
      log.warn({ endpoint: socket.endpoint, reason }, 'chain connection lost')
      fail(at)
      void reconnect()
    })
    for (const waiter of waiters) waiter.resolve(socket)
    for (const listener of listeners) listener(socket)
  }

  const reconnect = async () => {
    let found = false
    while (!found && !signal.aborted) {
      const next = nextEndpoint(endpoints, index, clock.monotonic())
      await pause(next.waitMs, signal)
      if (signal.aborted) return
      index = next.index
      found = await attempt()
    }
  }

  const socketInUse = async (): Promise<RpcSocket> => {
    if (current !== undefined) return current
    const waiter: Waiter = { ...deferred<RpcSocket>(), failures: 0 }
    waiters.add(waiter)
    return waiter.promise.finally(() => waiters.delete(waiter))
  }

  const within = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const ended = deferred<never>()
    const onClosed = () => ended.reject(closedError(what))
    const timer = setTimeout(() => {
      if (current === undefined) ended.reject(noEndpoint(endpoints, errors))
      else ended.reject(late(what, current.endpoint, 2 * timeoutMs))
    }, 2 * timeoutMs)
    signal.addEventListener('abort', onClosed)
    // It may lose the race and fail later.
    work.catch(() => {})
    try {
      if (signal.aborted) throw closedError(what)
      return await Promise.race([work, ended.promise])
    } catch (error) {
      if (signal.aborted) throw closedError(what)
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onClosed)
    }
  }

  const read = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    for (let left = endpoints.length; ; left--) {
      const socket = await socketInUse()
      try {
        return await socket.request(method, params)
      } catch (error) {
        if (isRpcReply(error)) throw nodeError(socket.endpoint, method, error)
        if (!socket.isLost || left === 0) throw error
      }
    }
  }

  for (index = 0; index < endpoints.length; index++) if (await attempt()) break
  if (current === undefined) {
    controller.abort()
    throw noEndpoint(endpoints, errors)
  }

  return {
    request: (method, params) => within(method, read(method, params)),
    within,
    socket: () => within('connecting', socketInUse()),
    current: () => current,
    onSocket(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    prove: () => update(index, proven),
    signal,
    close: () => controller.abort(),
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

/** What is wrong with the endpoints: one endpoint's own error, or one that names them all. */
function noEndpoint(endpoints: readonly Endpoint[], errors: ReadonlyMap<string, unknown>): unknown {
  const known = endpoints.flatMap(({ url }) => (errors.has(url) ? [{ url, error: errors.get(url) }] : []))
  const [first, ...others] = known
  if (first === undefined) {
    const message = `the connection to ${endpoints.map(({ url }) => url).join(', ')} was lost`
    return new StarlingError('CHAIN_UNREACHABLE', message, 'check that the node is running')
  }
  if (others.length === 0 && endpoints.length === 1) return first.error
  const codes = new Set(known.map(({ error }) => (error instanceof StarlingError ? error.code : undefined)))
  const [code] = codes
  const reasons = known.map(({ url, error }) => `${url}: ${messageOf(error)}`)
  return new StarlingError(
    codes.size === 1 && code !== undefined ? code : 'CHAIN_UNREACHABLE',
    `no endpoint of the chain can be used: ${reasons.join('; ')}`,
    'check the endpoints',
  )
}

function nodeError(endpoint: string, method: string, { message, data }: RpcReply): StarlingError {
  const detail = typeof data === 'string' ? ` (${data})` : ''
  return new StarlingError(
    'CHAIN_NODE_ERROR',
    `${endpoint} cannot answer ${method}: ${message}${detail}`,
    'check the node, or give another endpoint',
  )
}

function late(what: string, endpoint: string, limit: number): StarlingError {
  const message = `${what} got no answer from ${endpoint} in ${limit} ms`
  return new StarlingError('CHAIN_TIMEOUT', message, 'check the node, or give another endpoint')
}

function closedError(what: string): StarlingError {
  return new StarlingError('CHAIN_CLOSED', `${what}: the chain client is closed`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
