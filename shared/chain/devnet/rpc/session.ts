import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { describeError } from '../../../process/errors.ts'
import type { Chain } from '../node/chain.ts'
import { authorMethods, authorSubscriptions, authorUnsubscribes } from './author-methods.ts'
import { chainMethods, chainSubscriptions, chainUnsubscribes } from './chain-methods.ts'
import type { Method, Subscription } from './method.ts'
import { INTERNAL_ERROR, METHOD_NOT_FOUND, RpcError } from './rpc-error.ts'
import { stateMethods, stateSubscriptions, stateUnsubscribes } from './state-methods.ts'
import { systemMethods } from './system-methods.ts'

/** Subscriptions of one connection at most, as in a Substrate node. */
const MAX_SUBSCRIPTIONS = 1024

// These tables are the allow-list: what is not in them does not exist.
const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({ ...chainMethods, ...stateMethods, ...authorMethods, ...systemMethods }),
)
const SUBSCRIPTIONS: ReadonlyMap<string, Subscription> = new Map(
  Object.entries({ ...chainSubscriptions, ...stateSubscriptions, ...authorSubscriptions }),
)
const UNSUBSCRIBES: ReadonlySet<string> = new Set([
  ...chainUnsubscribes,
  ...stateUnsubscribes,
  ...authorUnsubscribes,
])
const METHOD_NAMES: readonly string[] = [
  ...METHODS.keys(),
  ...SUBSCRIPTIONS.keys(),
  ...UNSUBSCRIBES,
  'rpc_methods',
].sort()

const requestSchema = z.object({
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
})
type Request = z.infer<typeof requestSchema>

/** One client's JSON-RPC 2.0 conversation, apart from the socket. */
export interface RpcSession {
  /** Handles a message: a request or a batch of them. Never throws. */
  receive(text: string): Promise<void>
  /** Ends all subscriptions. */
  close(): void
}

export function createRpcSession(chain: Chain, send: (text: string) => void): RpcSession {
  const subscriptions = new Map<string, () => void>()
  let closed = false

  const subscribe = async ({ notification, start }: Subscription, params: readonly unknown[]) => {
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) throw new RpcError(-32006, 'Too many subscriptions')
    const id = randomBytes(8).toString('hex')
    // Notifications that come before the reply with the id would be lost on the client.
    const early: unknown[] = []
    let open = false
    let ended = false
    const notify = (result: unknown) => {
      send(JSON.stringify({ jsonrpc: '2.0', method: notification, params: { subscription: id, result } }))
    }
    const push = (result: unknown) => {
      if (open) notify(result)
      else early.push(result)
    }
    const stop = await start(chain, params, push, () => {
      ended = true
      subscriptions.delete(id)
    })
    if (closed) stop()
    else if (!ended) subscriptions.set(id, stop)
    const afterReply = () => {
      open = true
      early.forEach(notify)
    }
    return { id, afterReply }
  }

  const unsubscribe = (id: unknown): boolean => {
    const stop = typeof id === 'string' ? subscriptions.get(id) : undefined
    stop?.()
    return typeof id === 'string' && subscriptions.delete(id)
  }

  const answer = async ({
    method,
    params = [],
  }: Request): Promise<{ result: unknown; afterReply?: () => void }> => {
    const subscription = SUBSCRIPTIONS.get(method)
    if (subscription !== undefined) {
      const { id, afterReply } = await subscribe(subscription, params)
      return { result: id, afterReply }
    }
    if (UNSUBSCRIBES.has(method)) return { result: unsubscribe(params[0]) }
    if (method === 'rpc_methods') return { result: { methods: METHOD_NAMES } }
    const handler = METHODS.get(method)
    if (handler === undefined) throw new RpcError(METHOD_NOT_FOUND, 'Method not found', method)
    return { result: await handler(chain, params) }
  }

  const reply = async (
    raw: unknown,
  ): Promise<{ message: object | undefined; afterReply?: (() => void) | undefined }> => {
    const request = requestSchema.safeParse(raw)
    if (!request.success)
      return { message: { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'Invalid request' } } }
    const { id } = request.data
    try {
      const { result, afterReply } = await answer(request.data)
      return {
        message: id === undefined ? undefined : { jsonrpc: '2.0', id, result: result ?? null },
        afterReply,
      }
    } catch (error) {
      return { message: id === undefined ? undefined : { jsonrpc: '2.0', id, error: errorObject(error) } }
    }
  }

  return {
    async receive(text) {
      let message: unknown
      try {
        message = JSON.parse(text)
      } catch {
        send(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } }))
        return
      }
      const batch = Array.isArray(message)
      const replies = await Promise.all((batch ? (message as unknown[]) : [message]).map(reply))
      const messages = replies.flatMap(({ message: one }) => (one === undefined ? [] : [one]))
      if (messages.length > 0) send(JSON.stringify(batch ? messages : messages[0]))
      for (const { afterReply } of replies) afterReply?.()
    },
    close() {
      closed = true
      for (const stop of subscriptions.values()) stop()
      subscriptions.clear()
    },
  }
}

function errorObject(error: unknown): { code: number; message: string; data?: string } {
  if (!(error instanceof RpcError)) return { code: INTERNAL_ERROR, message: describeError(error) }
  const { code, message, data } = error
  return data === undefined ? { code, message } : { code, message, data }
}
