import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import { example } from '../../unit/protocol/examples.ts'
import { answerAll, axonOf, ending, rawSession, sessionWith } from '../protocol/harness.ts'

/** A socket that is connected and says nothing; its end is no news. */
async function silentSocket(port: number, from: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => socket.destroy())
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}

describe('sockets that say nothing', () => {
  it('give way to whoever comes later, from the oldest on', async () => {
    // No deadline comes to help.
    const axon = await axonOf({ limits: { sockets: 8, connections: 4, handshakeMs: 600_000 } })
    const silent: Socket[] = []
    for (let at = 0; at < 12; at++) silent.push(await silentSocket(axon.port, `127.3.0.${at + 1}`))
    const session = await sessionWith(axon)
    expect(await session.request(example('receipt'), { timeoutMs: 20_000 })).toStrictEqual({ type: 'ack' })
    await expect.poll(() => silent[0]!.destroyed, { timeout: 60_000 }).toBe(true)
    expect(silent.at(-1)!.destroyed).toBe(false)
  })

  it('cost no connection that stands', async () => {
    const axon = await axonOf({ limits: { sockets: 8, connections: 4, handshakeMs: 600_000 } })
    const session = await sessionWith(axon)
    for (let at = 0; at < 20; at++) await silentSocket(axon.port, `127.3.1.${at + 1}`)
    expect(await session.request(example('receipt'), { timeoutMs: 20_000 })).toStrictEqual({ type: 'ack' })
  })
})

describe('a validator that sends without a pause', () => {
  it('is heard record by record, and others between them', async () => {
    let turn = 0
    let isOver = false
    const count = (): void => {
      turn++
      if (!isOver) setImmediate(count)
    }
    const heard = new Map<number, number>()
    const axon = await axonOf({
      async handle(request) {
        heard.set(turn, (heard.get(turn) ?? 0) + 1)
        return answerAll(request)
      },
    })
    const peer = await rawSession(axon)
    const records = Array.from({ length: 40 }, (_, at) => encodeFrame(at + 1, example('verdict-request')))
    count()
    // All of them in one piece, as the kernel would hand over what came at once.
    const { _socket: tcp } = peer.socket as unknown as { _socket: Socket }
    tcp.cork()
    for (const frame of records) peer.send(frame)
    tcp.uncork()
    await expect
      .poll(() => [...heard.values()].reduce((sum, one) => sum + one, 0), { timeout: 60_000 })
      .toBe(40)
    isOver = true
    expect(Math.max(...heard.values())).toBeLessThan(20)
  })

  it('may put no more frames into a record than anybody needs', async () => {
    const axon = await axonOf()
    const peer = await rawSession(axon)
    const ended = ending(peer.socket)
    const frames = Array.from({ length: 300 }, (_, at) => encodeFrame(at + 1, example('verdict-request')))
    peer.send(...frames)
    expect(await ended).toBe('4400 MALFORMED_FRAME')
  })
})
