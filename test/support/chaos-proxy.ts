import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { lastingPort } from './lasting-port.ts'

/** A node's JSON-RPC message, as far as the proxy looks at it. */
interface Message {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
}

/** A WebSocket endpoint in front of a node that fails on demand. */
export interface ChaosProxy {
  readonly url: string
  /** Methods that clients asked for, in order. */
  readonly asked: string[]
  /** Connections that clients made so far. */
  readonly connections: number
  /** Cuts every connection; new ones are taken. */
  cut(): void
  /** Cuts every connection and takes no new ones. */
  kill(): Promise<void>
  /** Listens again, on the same port. */
  revive(): Promise<void>
  /** Goes on taking connections and messages, and answers nothing. Pings are answered unless `deaf`. */
  freeze(options?: { deaf?: boolean }): void
  /** Relays again, what was held back first. */
  thaw(): void
  /** Changes the node's answers to a method, and its news of it, from now on; undefined ends that. */
  rewrite(method: string, change: ((result: unknown, params: unknown) => unknown) | undefined): void
  /** Runs once, when a client asks for a method: before the node hears of it, or after. */
  onNext(method: string, when: 'before' | 'after', act: () => void): void
  /** Repeats the node's last news of a kind to every client, as it is rewritten now. */
  repeatNews(notification: string): void
  close(): Promise<void>
}

interface Pair {
  readonly near: WebSocket
  readonly far: WebSocket
  /** Method and params of requests under way, by id. */
  readonly underWay: Map<number, { method: string; params: unknown }>
  readonly lastNews: Map<string, Message>
  /** What is on its way is lost, too. */
  isCut: boolean
}

export async function startChaosProxy(target: string): Promise<ChaosProxy> {
  const pairs = new Set<Pair>()
  const asked: string[] = []
  const held: (() => void)[] = []
  const rewrites = new Map<string, (result: unknown, params: unknown) => unknown>()
  const hooks = new Map<string, { when: 'before' | 'after'; act: () => void }>()
  let frozen = false
  let connections = 0
  const port = await lastingPort()
  let server = await listen(port)

  async function listen(on: number): Promise<WebSocketServer> {
    const listening = new WebSocketServer({ host: '127.0.0.1', port: on })
    await once(listening, 'listening')
    return listening.on('connection', join)
  }

  const relay = (act: () => void) => {
    if (frozen) held.push(act)
    else act()
  }

  const toNode = (pair: Pair, text: string) => {
    const { id, method = '', params } = JSON.parse(text) as Message
    asked.push(method)
    if (id !== undefined) pair.underWay.set(id, { method, params })
    const hook = hooks.get(method)
    hooks.delete(method)
    if (hook?.when === 'before') hook.act()
    // What the hook cut off or froze does not get to the node, or not yet.
    relay(() => {
      if (pair.isCut || pair.far.readyState !== WebSocket.OPEN) return
      pair.far.send(text, () => hook?.when === 'after' && hook.act())
    })
  }

  const toClient = (pair: Pair, message: Message) => {
    if (pair.near.readyState !== WebSocket.OPEN) return
    const request = message.id === undefined ? undefined : pair.underWay.get(message.id)
    const change = rewrites.get(request?.method ?? message.method ?? '')
    const news = message.params as { result: unknown } | undefined
    if (request !== undefined && 'result' in message && change !== undefined) {
      pair.near.send(JSON.stringify({ ...message, result: change(message.result, request.params) }))
    } else if (message.method !== undefined && change !== undefined) {
      const params = { ...news, result: change(news?.result, undefined) }
      pair.near.send(JSON.stringify({ ...message, params }))
    } else pair.near.send(JSON.stringify(message))
  }

  function join(near: WebSocket): void {
    connections++
    const far = new WebSocket(target)
    const pair: Pair = { near, far, underWay: new Map(), lastNews: new Map(), isCut: false }
    pairs.add(pair)
    const waiting: (() => void)[] = []
    far.on('open', () => {
      for (const act of waiting.splice(0)) act()
    })
    near.on('message', (data) => {
      const act = () => relay(() => toNode(pair, String(data)))
      if (far.readyState === WebSocket.CONNECTING) waiting.push(act)
      else act()
    })
    far.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message
      if (message.method !== undefined) pair.lastNews.set(message.method, message)
      relay(() => toClient(pair, message))
    })
    const end = () => {
      pairs.delete(pair)
      near.terminate()
      far.terminate()
    }
    // A client that turns away from a frozen endpoint does not take back what it sent.
    near.on('close', () => relay(end)).on('error', () => relay(end))
    far.on('close', end).on('error', end)
  }

  const cut = () => {
    for (const pair of pairs) {
      pair.isCut = true
      pair.near.terminate()
    }
  }
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  }

  return {
    url: `ws://127.0.0.1:${port}`,
    asked,
    get connections() {
      return connections
    },
    cut,
    kill: stop,
    async revive() {
      server = await listen(port)
    },
    freeze({ deaf = false } = {}) {
      frozen = true
      if (deaf) for (const { near } of pairs) near.pause()
    },
    thaw() {
      frozen = false
      for (const { near } of pairs) near.resume()
      for (const act of held.splice(0)) act()
    },
    rewrite(method, change) {
      if (change === undefined) rewrites.delete(method)
      else rewrites.set(method, change)
    },
    onNext: (method, when, act) => void hooks.set(method, { when, act }),
    repeatNews(notification) {
      for (const pair of pairs) {
        const message = pair.lastNews.get(notification)
        if (message !== undefined) toClient(pair, message)
      }
    },
    close: stop,
  }
}
