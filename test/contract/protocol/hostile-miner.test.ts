import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import { makeHello } from '../../../shared/protocol/hello.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import { type ReceivedUpgrade, receivedUpgrade } from '../../support/raw-peer.ts'
import { example } from '../../unit/protocol/examples.ts'
import { axonOf, MODELS, miner, sessionWith, stranger, upgradeOf } from './harness.ts'

type Behaviour = (socket: WebSocket, upgrade: ReceivedUpgrade) => void

const OFFER = encodeFrame(0, { type: 'offer', models: MODELS })

/** A server that speaks WebSocket and then does what a test wants. */
async function serverThat(
  behaves: Behaviour,
  options: ServerOptions = {},
): Promise<{ ip: string; port: number }> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, ...options })
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    socket.on('error', () => {})
    behaves(socket, receivedUpgrade(request))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  return { ip: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

/** A miner that says a proper hello and offer, and answers the first record with these frames. */
const answering = (...frames: Uint8Array[]): Behaviour => {
  return (socket, upgrade) => {
    const peer = upgrade.greet(socket, miner)
    peer.send(OFFER)
    peer.onFrame(() => peer.send(...frames))
  }
}

describe('a validator hangs up on', () => {
  it.each([
    ['a malformed frame', Uint8Array.of(0xc1), 4400],
    ['an oversized frame', new Uint8Array(MESSAGE_LIMITS.frameBytes + 1), 1009],
    ['a reply of another type', encodeFrame(1, example('ack')), 4400],
    ['a reply with another id', encodeFrame(1, { ...example('commit'), id: new Uint8Array(32) }), 4400],
    ['a reply that nobody asked for', encodeFrame(2, example('commit')), 4409],
    ['a second offer', OFFER, 4409],
    ['a hello in a record', encodeFrame(0, example('hello')), 4400],
    ["a validator's message", encodeFrame(1, example('challenge')), 4400],
  ])('%s', async (_what, frame, code) => {
    const session = await sessionWith(await serverThat(answering(frame)))
    const request = session.request(example('challenge'), { timeoutMs: 60_000 })
    await expect(request).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await session.closed).code).toBe(code)
  })

  it('a reply that comes twice', async () => {
    const commit = encodeFrame(1, example('commit'))
    const twice = answering(commit, commit)
    const session = await sessionWith(await serverThat(twice))
    expect(await session.request(example('challenge'), { timeoutMs: 60_000 })).toMatchObject({
      type: 'commit',
    })
    expect((await session.closed).code).toBe(4409)
  })
})

describe('a validator does not start a session with', () => {
  it.each<[string, string, Behaviour]>([
    [
      'a miner that signs as another hotkey',
      'AXON_WRONG_HOTKEY',
      (socket, upgrade) => upgrade.greet(socket, stranger),
    ],
    [
      'one that claims the hotkey without its key',
      'AXON_WRONG_HOTKEY',
      (socket, upgrade) => upgrade.greet(socket, stranger, { hotkey: miner.publicKey }),
    ],
    [
      'one that numbers its hello otherwise',
      'AXON_WRONG_HOTKEY',
      (socket, { signed }) => socket.send(encodeFrame(1, makeHello(miner, new Uint8Array(32), signed))),
    ],
    [
      'one of another version',
      'VERSION_MISMATCH',
      (socket, upgrade) => upgrade.greet(socket, miner, { version: 99 }),
    ],
    [
      'one whose key was exchanged for another on the way',
      'AXON_WRONG_HOTKEY',
      (socket, upgrade) => upgrade.greet(socket, miner, { key: new Uint8Array(32).fill(9) }),
    ],
    [
      'one whose key agrees on nothing',
      'BAD_KEY',
      (socket, { signed }) => socket.send(encodeFrame(0, makeHello(miner, new Uint8Array(32), signed))),
    ],
    ['one that begins with a reply', 'CLOSED', (socket) => socket.send(encodeFrame(0, { type: 'ack' }))],
    [
      'one that replies before it offers anything',
      'CLOSED',
      (socket, upgrade) => upgrade.greet(socket, miner).send(encodeFrame(1, { type: 'ack' })),
    ],
    [
      'one that numbers its offer otherwise',
      'CLOSED',
      (socket, upgrade) => {
        upgrade.greet(socket, miner).send(encodeFrame(1, { type: 'offer', models: MODELS }))
      },
    ],
    [
      'one that offers in the clear',
      'CLOSED',
      (socket, upgrade) => {
        upgrade.greet(socket, miner)
        socket.send(OFFER)
      },
    ],
    ['one that sends noise', 'CLOSED', (socket) => socket.send(Uint8Array.of(0xc1))],
    ['one that hangs up', 'CLOSED', (socket) => socket.close(4999, 'no \u001b[31m')],
  ])('%s', async (_what, code, behaves) => {
    const dialled = sessionWith(await serverThat(behaves))
    await expect(dialled).rejects.toMatchObject({ code })
  })

  it('one that never says hello', async () => {
    const dialled = sessionWith(await serverThat(() => {}), { limits: { handshakeMs: 100 } })
    await expect(dialled).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('one that answers no ping', async () => {
    const deaf: Behaviour = (socket, upgrade) => upgrade.greet(socket, miner).send(OFFER)
    const limits = { pingMs: 10, missedPings: 2, handshakeMs: 600_000 }
    const dialled = sessionWith(await serverThat(deaf, { autoPong: false }), { limits })
    await expect(dialled).rejects.toMatchObject({ code: 'CLOSED', message: /4408 NO_PONG/ })
  })

  it('a man in the middle who passes on the hello of another connection', async () => {
    const axon = await axonOf()
    const { target, headers } = upgradeOf()
    const recording = new WebSocket(`ws://${axon.ip}:${axon.port}${target}`, { headers })
    const [recorded] = await once(recording, 'message')
    const dialled = sessionWith(await serverThat((socket) => socket.send(recorded)))
    await expect(dialled).rejects.toMatchObject({ code: 'AXON_WRONG_HOTKEY', message: /this connection/ })
  })
})
