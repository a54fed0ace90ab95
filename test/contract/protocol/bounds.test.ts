import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { GATE_PATH } from '../../../shared/protocol/axon.ts'
import { decodeReply, encodeFrame } from '../../../shared/protocol/codec.ts'
import { startGate } from '../../../shared/protocol/gate.ts'
import { dialGate } from '../../../shared/protocol/gate-client.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import type { Request } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { rawDial, receivedUpgrade, signedUpgrade } from '../../support/raw-peer.ts'
import { example } from '../../unit/protocol/examples.ts'
import {
  answerAll,
  axonOf,
  connectionsBecome,
  ending,
  MODELS,
  miner,
  rawSession,
  sessionWith,
  validator,
} from './harness.ts'

const PATIENCE = { timeoutMs: 60_000 }

/** A request of nearly a whole frame. */
const BIG: Extract<Request, { type: 'judge' }> = {
  ...example('judge'),
  answers: Array.from({ length: 7 }, () => 'x'.repeat(MESSAGE_LIMITS.answerBytes)),
}
const bigFrame = (seq: number) => encodeFrame(seq, BIG)

/** How a reply stands: its type, or the code of a refusal. */
function outcome(frame: Uint8Array): string {
  const { body } = decodeReply(frame)
  return body.type === 'refusal' ? body.code : body.type
}

it('a miner that dialled in and stops reading costs the validator no more than its bound', async () => {
  const arrived: ((session: Session) => void)[] = []
  const session = new Promise<Session>((resolve) => arrived.push(resolve))
  const gate = await startGate({
    ...{ ip: '127.0.0.1', port: 0, signer: validator, authorize: () => undefined },
    onSession: (one) => arrived[0]!(one),
    limits: { bufferedBytes: 256 * 1024, requestsInFlight: 1_000 },
  })
  onTestFinished(() => gate.close())
  const peer = await rawDial(gate, signedUpgrade(miner, validator.address, {}, GATE_PATH))
  onTestFinished(() => peer.socket.terminate())
  peer.send(encodeFrame(0, { type: 'offer', models: MODELS }))
  const asking = await session
  peer.socket.pause()
  // 56 MiB: far more than any socket buffer takes.
  const asked = Array.from({ length: 256 }, () => asking.request(BIG, PATIENCE).catch(({ code }) => code))
  expect(await asking.closed).toEqual({ code: 4413, reason: 'SLOW_READER' })
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['CLOSED']))
})

it('a validator that was dialled and stops reading costs the miner no more than its bound', async () => {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    socket.on('error', () => {})
    const peer = receivedUpgrade(request, GATE_PATH).greet(socket, validator)
    peer.onFrame(() => {
      // The offer is here. 64 MiB of replies are asked for, and none is read.
      socket.pause()
      for (let seq = 1; seq <= 2048; seq++) peer.send(encodeFrame(seq, example('reveal-request')))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const reveal = { ...example('reveal'), text: 'x'.repeat(MESSAGE_LIMITS.answerBytes) }
  const dialled = await dialGate({
    ...{ ip: '127.0.0.1', port, signer: miner, hotkey: validator.address, models: MODELS },
    authorize: () => undefined,
    handle: async (message) => (message.type === 'reveal-request' ? reveal : answerAll(message)),
    limits: { bufferedBytes: 256 * 1024, requestsInFlight: 10_000 },
  })
  onTestFinished(() => dialled.close())
  expect(await dialled.closed).toEqual({ code: 4413, reason: 'SLOW_READER' })
})

it('requests under way have a bound of bytes, beyond which a miner is busy', async () => {
  let answered = () => {}
  const held = new Promise<void>((resolve) => {
    answered = resolve
  })
  const axon = await axonOf({
    async handle(request) {
      await held
      return answerAll(request)
    },
    limits: { requestBytes: 2.5 * bigFrame(1).length },
  })
  const peer = await rawSession(axon)
  for (let seq = 1; seq <= 4; seq++) peer.send(bigFrame(seq))
  expect([outcome(await peer.next()), outcome(await peer.next())]).toEqual(['BUSY', 'BUSY'])
  answered()
  expect([outcome(await peer.next()), outcome(await peer.next())]).toEqual([
    'verdict-commit',
    'verdict-commit',
  ])
  peer.send(bigFrame(5))
  expect(outcome(await peer.next())).toBe('verdict-commit')
})

it('requests beyond the rate are refused, and at twice the rate the connection ends, as do later ones', async () => {
  const clock = { now: () => Date.now(), monotonic: () => 0 }
  const axon = await axonOf({ clock, limits: { requestsPerMinute: 3 } })
  const peer = await rawSession(axon)
  const outcomes: string[] = []
  for (let seq = 1; seq <= 6; seq++) {
    peer.send(encodeFrame(seq, example('receipt')))
    outcomes.push(outcome(await peer.next()))
  }
  expect(outcomes).toEqual(['ack', 'ack', 'ack', 'BUSY', 'BUSY', 'BUSY'])
  const ended = ending(peer.socket)
  peer.send(encodeFrame(7, example('receipt')))
  expect(await ended).toBe('4427 TOO_MANY_REQUESTS')
  // Neither another connection nor another validator changes what the first one may ask.
  const again = await sessionWith(axon)
  void again.request(example('receipt'), PATIENCE).catch(() => {})
  expect((await again.closed).code).toBe(4427)
  await connectionsBecome(axon, 0)
})

it('sockets of one address have a bound, and leave their places when they close', async () => {
  const { ip, port } = await axonOf({ limits: { connectionsPerAddress: 2 } })
  const open = async (): Promise<Socket> => {
    const socket = connect(port, ip)
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  const [first] = [await open(), await open()]
  await once((await open()).resume(), 'close')
  first!.destroy()
  await expect
    .poll(
      async () => {
        const session = await sessionWith({ ip, port }).catch(() => undefined)
        return session?.hotkey
      },
      { timeout: 60_000 },
    )
    .toBe(miner.address)
})
