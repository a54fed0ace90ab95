import { EventEmitter, once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../../../shared/process/clock.ts'
import { CLOSE } from '../../../shared/protocol/close-codes.ts'
import { openConnection } from '../../../shared/protocol/connection.ts'
import { createKeyExchange } from '../../../shared/protocol/key-exchange.ts'
import { SESSION_LIMITS } from '../../../shared/protocol/limits.ts'
import { framesOf } from '../../../shared/protocol/records.ts'

/** A secured connection over a socket that keeps what is sent, and the other side's records. */
function setUp(limits = {}) {
  const events: string[] = []
  const sent: Uint8Array[] = []
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    ping: () => {},
    send: (data: Uint8Array) => void sent.push(data),
    close: (code: number) => events.push(`close ${code} after ${sent.length}`),
    terminate: () => events.push('terminate'),
  })
  const connection = openConnection(socket as unknown as WebSocket, {
    clock: systemClock,
    limits: { ...SESSION_LIMITS, ...limits },
  })
  onTestFinished(() => connection.heartbeat.stop())
  const [ours, theirs] = [createKeyExchange(), createKeyExchange()]
  const transcript = { upgrade: Uint8Array.of(1), hello: new Uint8Array(32) }
  connection.secure(ours.records(theirs.publicKey, transcript, 'dialler'))
  const records = theirs.records(ours.publicKey, transcript, 'listener')
  /** First bytes of the frames in each record that was sent. */
  const opened = () =>
    sent.splice(0).map((record) => [...framesOf(records.open(record))].map(([first]) => first))
  return { connection, socket, sent, events, opened, records }
}

const frame = (first: number, length = 1) => new Uint8Array(length).fill(first)
const turn = () => new Promise((done) => setImmediate(done))

describe('frames that are sent', () => {
  it('in one turn share a record, in their order', async () => {
    const { connection, sent, opened } = setUp()
    connection.send(frame(1))
    await Promise.resolve()
    connection.send(frame(2))
    expect(sent).toHaveLength(0)
    await turn()
    connection.send(frame(3))
    await turn()
    expect(opened()).toStrictEqual([[1, 2], [3]])
    await turn()
    expect(sent).toHaveLength(0)
  })

  it('wait for no turn where 64 KiB are together, and no record is larger but by one large frame', async () => {
    const { connection, sent, opened } = setUp()
    for (let i = 0; i < 4; i++) connection.send(frame(i, 30_000))
    expect(sent).toHaveLength(1)
    connection.send(frame(4, 200_000))
    connection.send(frame(5))
    await turn()
    expect(opened()).toStrictEqual([[0, 1], [2, 3], [4], [5]])
  })

  it('before a close go first', () => {
    const { connection, events, opened } = setUp()
    connection.send(frame(1))
    connection.drop(CLOSE.normal)
    expect(events).toStrictEqual(['close 1000 after 1'])
    expect(opened()).toStrictEqual([[1]])
  })

  it('count as buffered before they are sealed', () => {
    const { connection, socket, events } = setUp({ bufferedBytes: 10_000 })
    socket.bufferedAmount = 4_000
    connection.send(frame(1, 2_000))
    connection.send(frame(2, 2_000))
    expect(events).toStrictEqual([])
    connection.send(frame(3, 2_000))
    expect(events).toStrictEqual(['terminate'])
  })

  it('are gone with a reader that is too slow', async () => {
    const { connection, sent } = setUp({ bufferedBytes: 1_000 })
    connection.send(frame(1, 900))
    connection.send(frame(2, 900))
    await turn()
    expect(sent).toHaveLength(0)
  })
})

describe('frames that arrive', () => {
  it('are handed on until one ends the connection', () => {
    const { connection, socket, records } = setUp()
    const seen: number[] = []
    connection.receive(([first]) => {
      seen.push(first!)
      if (first === 2) connection.drop(CLOSE.badSequence)
    })
    socket.emit('message', records.seal([frame(1), frame(2), frame(3)]), true)
    socket.emit('message', records.seal([frame(4)]), true)
    expect(seen).toStrictEqual([1, 2])
  })
})

describe('pings and pongs', () => {
  it('end a connection that sends too many', async () => {
    const { connection, socket, events } = setUp({ controlFramesPerMinute: 4 })
    for (const kind of ['ping', 'pong', 'ping', 'pong']) socket.emit(kind, Buffer.alloc(0))
    expect(events).toStrictEqual([])
    socket.emit('pong', Buffer.alloc(0))
    expect(events).toStrictEqual(['terminate'])
    const closed = once(socket, 'close')
    socket.emit('close', 1006, Buffer.alloc(0))
    await closed
    expect(await connection.closed).toStrictEqual({ code: 4428, reason: 'TOO_MANY_PINGS' })
  })
})
