import { WebSocket } from 'ws'
import { StarlingError } from '../../process/errors.ts'
import { type Deferred, deferred } from './deferred.ts'
import { isRpcReply, isThrottled, parseMessage, parseSubscriptionId } from './rpc-message.ts'

/** Requests in a row without an answer after which a socket is given up. */
const STRIKES = 3

/** A node's metadata, the largest answer that is asked for, is a few MiB of hex. */
const MAX_MESSAGE_BYTES = 64 * 2 ** 20

/** News that came before the answer with their subscription's id; more than this is not what a node sends. */
const MAX_EARLY = 64

export interface SocketOptions {
  /** Deadline of connecting and of every request, in milliseconds. */
  readonly timeoutMs: number
  /** Milliseconds between two pings; a socket that answers neither of two is given up. */
  readonly pingMs: number
  /** Drops the socket. */
  readonly signal: AbortSignal
}

/**
 * JSON-RPC over one WebSocket to one endpoint. Once lost it stays lost. Requests fail with `CHAIN_TIMEOUT`,
 * `CHAIN_UNREACHABLE`, or with the node's own error as an RpcReply; three without an answer in a row lose the socket, and
 * being told that there were too many requests is none.
 */
export interface RpcSocket {
  readonly endpoint: string
  readonly isLost: boolean
  request(method: string, params: readonly unknown[]): Promise<unknown>
  /** Starts a subscription that lasts as long as the socket. Resolves with the function that ends it. */
  subscribe(
    methods: { readonly start: string; readonly stop: string },
    params: readonly unknown[],
    listener: (result: unknown) => void,
  ): Promise<() => void>
  /** Calls the listener once, with the reason, when the socket is lost or dropped. */
  onLost(listener: (reason: string) => void): void
  /** Gives the socket up at once, whether the other end answers or not. */
  drop(reason: string): void
}

/** Opens a socket. Throws `CHAIN_UNREACHABLE`. */
export async function openSocket(
  endpoint: string,
  { timeoutMs, pingMs, signal }: SocketOptions,
): Promise<RpcSocket> {
  const socket = dial(endpoint, timeoutMs)
  const opened = deferred<void>()
  const waiting = new Map<number, Deferred<unknown>>()
  const listeners = new Map<string, (result: unknown) => void>()
  const early: { subscription: string; result: unknown }[] = []
  const lostListeners = new Set<(reason: string) => void>()
  let lost: string | undefined
  let nextId = 1
  let strikes = 0

  const drop = (reason: string) => {
    if (lost !== undefined) return
    lost = reason
    clearInterval(pings)
    signal.removeEventListener('abort', onAbort)
    // A closing handshake would wait for an end that may be dead.
    socket.terminate()
    opened.reject(unreachable(endpoint, reason))
    for (const { reject } of waiting.values()) reject(unreachable(endpoint, reason))
    waiting.clear()
    listeners.clear()
    for (const listener of lostListeners) listener(reason)
    lostListeners.clear()
  }

  const onAbort = () => drop('the client is closed')
  signal.addEventListener('abort', onAbort)

  let unanswered = 0
  const pings = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return
    if (unanswered++ >= 2) drop('it does not answer pings')
    else socket.ping()
  }, pingMs)
  const heard = () => {
    unanswered = 0
  }

  const tell = (subscription: string, result: unknown) => {
    const listener = listeners.get(subscription)
    if (listener === undefined) {
      if (early.push({ subscription, result }) > MAX_EARLY) early.shift()
      return
    }
    try {
      listener(result)
    } catch (error) {
      drop(`it sends news that cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  socket.on('pong', heard)
  socket.on('message', (data) => {
    heard()
    const message = parseMessage(String(data))
    if (message === undefined) return drop('it does not speak JSON-RPC')
    if ('subscription' in message) return tell(message.subscription, message.result)
    const request = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) request?.reject(isThrottled(message.error) ? throttled(endpoint) : message.error)
    else request?.resolve(message.result)
  })
  socket.on('open', () => opened.resolve())
  socket.on('error', ({ message }) => drop(message))
  socket.on('close', () => drop('the connection was lost'))
  await opened.promise

  const request = async <T>(
    method: string,
    params: readonly unknown[],
    read: (result: unknown) => T,
  ): Promise<T> => {
    if (lost !== undefined) throw unreachable(endpoint, lost)
    const answer = deferred<unknown>()
    const id = nextId++
    waiting.set(id, answer)
    const timer = setTimeout(() => {
      const message = `${method} got no answer from ${endpoint} in ${timeoutMs} ms`
      answer.reject(new StarlingError('CHAIN_TIMEOUT', message, 'check the node, or give another endpoint'))
    }, timeoutMs)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    try {
      const result = read(await answer.promise)
      strikes = 0
      return result
    } catch (error) {
      strikes = isRpcReply(error) ? 0 : strikes + 1
      if (strikes >= STRIKES) drop(`${STRIKES} requests in a row got no answer`)
      throw error
    } finally {
      clearTimeout(timer)
      waiting.delete(id)
    }
  }

  return {
    endpoint,
    get isLost() {
      return lost !== undefined
    },
    request: (method, params) => request(method, params, (result) => result),
    subscribe: ({ start, stop }, params, listener) =>
      request(start, params, (result) => {
        const id = parseSubscriptionId(result)
        listeners.set(id, listener)
        // Several messages can arrive at once, so news may have come before this answer was read.
        for (const news of early.splice(0)) tell(news.subscription, news.result)
        return () => {
          listeners.delete(id)
          if (lost === undefined) request(stop, [id], () => {}).catch(() => {})
        }
      }),
    onLost(listener) {
      if (lost !== undefined) listener(lost)
      else lostListeners.add(listener)
    },
    drop,
  }
}

function dial(endpoint: string, handshakeTimeout: number): WebSocket {
  try {
    if (!/^wss?:\/\//.test(endpoint)) throw new SyntaxError('no ws:// or wss://')
    return new WebSocket(endpoint, {
      handshakeTimeout,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    })
  } catch (cause) {
    const message = `${endpoint} is not a WebSocket address`
    throw new StarlingError('CHAIN_UNREACHABLE', message, 'give ws://… or wss://…', { cause })
  }
}

export function unreachable(endpoint: string, reason: string): StarlingError {
  const detail = reason === '' ? '' : ` (${reason})`
  return new StarlingError(
    'CHAIN_UNREACHABLE',
    `the chain at ${endpoint} cannot be reached${detail}`,
    'check the endpoint and that the node is running',
  )
}

function throttled(endpoint: string): StarlingError {
  const message = `${endpoint} takes no more requests for now`
  return new StarlingError('CHAIN_UNREACHABLE', message, 'give more endpoints, or a node of your own')
}
