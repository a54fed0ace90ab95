import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openSocket, type RpcSocket } from '../../../../shared/chain/substrate/rpc-socket.ts'

const NEWS = { start: 'subscribe', stop: 'unsubscribe' }

let server: WebSocketServer
let url: string
let controller: AbortController
/** What the node does with a request. */
let answer: (request: { id: number; method: string }, node: WebSocket) => void

beforeEach(async () => {
  answer = ({ id, method }, node) => node.send(JSON.stringify({ id, result: method }))
  controller = new AbortController()
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (node) => node.on('message', (data) => answer(JSON.parse(String(data)), node)))
  await once(server, 'listening')
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  controller.abort()
  for (const client of server.clients) client.terminate()
  server.close()
})

const open = (options: { timeoutMs?: number; pingMs?: number } = {}) =>
  openSocket(url, { timeoutMs: 5_000, pingMs: 60_000, signal: controller.signal, ...options })
const lost = (socket: RpcSocket) => new Promise<string>((resolve) => socket.onLost(resolve))

describe('a socket to a node', () => {
  it('gives each request its own answer, or the node’s error', async () => {
    const socket = await open()
    answer = ({ id, method }, node) => {
      const message = method === 'bad' ? { id, error: { code: 1010, message: 'no' } } : { id, result: method }
      setImmediate(() => node.send(JSON.stringify(message)))
    }
    const [a, bad, b] = await Promise.allSettled(
      ['a', 'bad', 'b'].map((method) => socket.request(method, [])),
    )
    expect([a, b].map((result) => result?.status === 'fulfilled' && result.value)).toEqual(['a', 'b'])
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 1010, message: 'no' } })
  })

  it('gives up after three requests in a row without an answer, not after three with one between', async () => {
    const socket = await open({ timeoutMs: 30 })
    answer = ({ id, method }, node) => {
      if (method === 'answered') node.send(JSON.stringify({ id, error: { code: 1, message: 'no' } }))
    }
    const silent = () => expect(socket.request('silent', [])).rejects.toMatchObject({ code: 'CHAIN_TIMEOUT' })
    await silent()
    await silent()
    await expect(socket.request('answered', [])).rejects.toMatchObject({ code: 1 })
    await silent()
    await silent()
    expect(socket.isLost).toBe(false)
    await silent()
    expect(socket.isLost).toBe(true)
    await expect(socket.request('answered', [])).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
  })

  it('gives up a node that says three times that there are too many requests', async () => {
    const socket = await open()
    answer = ({ id }, node) => {
      node.send(JSON.stringify({ id, error: { code: -32999, message: 'RPC rate limit exceeded' } }))
    }
    const throttled = () =>
      expect(socket.request('a', [])).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    await throttled()
    await throttled()
    expect(socket.isLost).toBe(false)
    await throttled()
    expect(socket.isLost).toBe(true)
  })

  it('misses no news that comes with the answer to its subscription, or before it', async () => {
    const news = (result: number) => JSON.stringify({ method: 'n', params: { subscription: 's', result } })
    answer = ({ id }, node) => {
      node.send(news(1))
      node.send(JSON.stringify({ id, result: 's' }))
      node.send(news(2))
    }
    const socket = await open()
    const seen: unknown[] = []
    await socket.subscribe(NEWS, [], (result) => seen.push(result))
    await expect.poll(() => seen).toEqual([1, 2])
  })

  it('hears no more of a subscription that it ended', async () => {
    const asked: string[] = []
    answer = ({ id, method }, node) => {
      asked.push(method)
      node.send(JSON.stringify({ id, result: 's' }))
    }
    const socket = await open()
    const seen: unknown[] = []
    const stop = await socket.subscribe(NEWS, [], (result) => seen.push(result))
    stop()
    await expect.poll(() => asked).toEqual(['subscribe', 'unsubscribe'])
    for (const node of server.clients) {
      node.send(JSON.stringify({ method: 'n', params: { subscription: 's', result: 1 } }))
    }
    await socket.request('after', [])
    expect(seen).toEqual([])
  })

  it.each([
    ['what is no JSON-RPC', () => 'no json', /does not speak JSON-RPC/],
    [
      'news that cannot be read',
      () => JSON.stringify({ method: 'n', params: { subscription: 's', result: 'odd' } }),
      /news that cannot be read: odd/,
    ],
  ])('is dropped by %s', async (_name, text, reason) => {
    const socket = await open()
    answer = ({ id }, node) => node.send(JSON.stringify({ id, result: 's' }))
    await socket.subscribe(NEWS, [], (result) => {
      throw new Error(String(result))
    })
    const gone = lost(socket)
    for (const node of server.clients) node.send(text())
    expect(await gone).toMatch(reason)
  })

  it('is dropped when the other end answers no pings, and only then', async () => {
    const socket = await open({ pingMs: 20 })
    const pinged = new Promise<void>((resolve) => {
      let pings = 0
      for (const node of server.clients) node.on('ping', () => ++pings === 5 && resolve())
    })
    await pinged
    expect(socket.isLost).toBe(false)
    const gone = lost(socket)
    for (const node of server.clients) node.pause()
    expect(await gone).toMatch(/does not answer pings/)
  })

  it('fails what is under way when it is lost, and tells why', async () => {
    const socket = await open()
    answer = (_request, node) => node.terminate()
    const gone = lost(socket)
    await expect(socket.request('a', [])).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    expect(await gone).toBe('the connection was lost')
    // Also whoever comes later.
    expect(await lost(socket)).toBe('the connection was lost')
  })

  it('leaves nothing on the signal that would drop it', async () => {
    const sockets = await Promise.all([open(), open(), open()])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(3)
    for (const socket of sockets) socket.drop('enough')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    const last = await open()
    controller.abort()
    expect(last.isLost).toBe(true)
  })

  it('is not there where nobody answers the handshake', async () => {
    const mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const at = `ws://127.0.0.1:${(mute.address() as AddressInfo).port}`
    const options = { timeoutMs: 50, pingMs: 60_000, signal: controller.signal }
    await expect(openSocket(at, options)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    mute.close()
    await expect(openSocket('ws://', options)).rejects.toThrow(/not a WebSocket address/)
  })
})
