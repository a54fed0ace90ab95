import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import { example } from '../../unit/protocol/examples.ts'
import { axonOf, connectionsBecome, ending, rawSession, sessionWith } from './harness.ts'

const challenge = (seq: number) => encodeFrame(seq, example('challenge'))

/** Somebody on the path: passes bytes on until told to do otherwise. */
async function pathTo(target: { readonly ip: string; readonly port: number }) {
  const ends: { near: Socket; far: Socket }[] = []
  const passed = { up: [] as Buffer[], down: [] as Buffer[] }
  const server = createServer((near) => {
    const far = connect(target.port, target.ip)
    ends.push({ near, far })
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
    far.on('error', () => near.destroy()).on('close', () => near.destroy())
    near.on('data', (data) => passed.up.push(data) && far.write(data))
    far.on('data', (data) => passed.down.push(data) && near.write(data))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    for (const { near } of ends) near.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { ip: '127.0.0.1', port, passed, last: () => ends.at(-1)! }
}

/** An unmasked binary WebSocket message, as a server sends it. */
const message = (bytes: Uint8Array) => Buffer.concat([Buffer.of(0x82, bytes.length), bytes])

describe('on the path nobody', () => {
  it('reads what is asked or answered', async () => {
    const axon = await axonOf()
    const path = await pathTo(axon)
    const session = await sessionWith(path)
    const prompt = 'a prompt that is nobody else’s business'
    await session.request({ ...example('challenge'), prompt }, { timeoutMs: 60_000 })
    const seen = Buffer.concat([...path.passed.up, ...path.passed.down])
    expect(seen.includes('X-Bittensor-Signature')).toBe(true)
    expect(seen.includes('nobody else')).toBe(false)
    expect(seen.includes('cpu-fp32')).toBe(false)
  })

  it.each([
    ['a reply in the clear', encodeFrame(1, { type: 'ack' })],
    ['a record of its own', new Uint8Array(64).fill(7)],
    ['an empty message', new Uint8Array(0)],
  ])('slips in %s', async (_what, bytes) => {
    const path = await pathTo(await axonOf())
    const session = await sessionWith(path)
    path.last().near.write(message(bytes))
    expect(await session.closed).toStrictEqual({ code: 4403, reason: 'BAD_RECORD' })
  })

  it('repeats what the miner said', async () => {
    const path = await pathTo(await axonOf())
    const session = await sessionWith(path)
    const before = path.passed.down.length
    await session.request(example('challenge'), { timeoutMs: 60_000 })
    path.last().near.write(Buffer.concat(path.passed.down.slice(before)))
    expect(await session.closed).toMatchObject({ code: 4403 })
  })
})

describe('an axon drops a connection over', () => {
  it.each([
    ['a frame in the clear', challenge(1), '4403 BAD_RECORD'],
    ['noise', new Uint8Array(100), '4403 BAD_RECORD'],
    ['an empty message', new Uint8Array(0), '4403 BAD_RECORD'],
    ['a text message', '{"seq":1}', '4400 MALFORMED_FRAME'],
  ])('%s', async (_what, data, expected) => {
    const axon = await axonOf()
    const { socket } = await rawSession(axon)
    const ended = ending(socket)
    socket.send(data)
    expect(await ended).toBe(expected)
    await connectionsBecome(axon, 0)
  })

  it('a record without frames', async () => {
    const { socket, records } = await rawSession(await axonOf())
    const ended = ending(socket)
    socket.send(records.seal([]))
    expect(await ended).toBe('4400 MALFORMED_FRAME')
  })

  it('more pings or pongs than anybody needs', async () => {
    const axon = await axonOf({ limits: { controlFramesPerMinute: 20 } })
    for (const kind of ['ping', 'pong'] as const) {
      const { socket } = await rawSession(axon)
      const ended = ending(socket)
      for (let i = 0; i < 30; i++) socket[kind]()
      expect(await ended).toMatch(/^1006/)
    }
    await connectionsBecome(axon, 0)
  })

  it('a close that nobody answers', async () => {
    const axon = await axonOf({ limits: { closeMs: 50 } })
    const { socket } = await rawSession(axon)
    socket.pause()
    socket.send(new Uint8Array(100))
    await connectionsBecome(axon, 0)
  })

  it('silence after the cable was cut', async () => {
    const axon = await axonOf({ limits: { pingMs: 500, missedPings: 4 } })
    const path = await pathTo(axon)
    const session = await sessionWith(path, { limits: { pingMs: 500, missedPings: 4 } })
    // Both sockets stay open, and nothing passes any more.
    for (const socket of Object.values(path.last())) socket.removeAllListeners('data').pause()
    expect(await session.closed).toStrictEqual({ code: 4408, reason: 'NO_PONG' })
    await connectionsBecome(axon, 0)
  })
})

describe('frames of one turn', () => {
  it('are taken one by one from their record, and the replies share another', async () => {
    const peer = await rawSession(await axonOf())
    const replies: Uint8Array[] = []
    let records = 0
    peer.socket.on('message', () => records++)
    const all = new Promise<void>((done) => {
      peer.onFrame((frame) => {
        if (replies.push(frame) === 3) done()
      })
    })
    peer.send(challenge(1), challenge(2), challenge(3))
    await all
    expect(records).toBe(1)
  })

  it('leave with the reply, when the axon closes right after it', async () => {
    const axon = await axonOf()
    const peer = await rawSession(axon)
    const closed = once(peer.socket, 'close')
    const next = peer.next()
    peer.send(encodeFrame(1, example('receipt')))
    await next
    await axon.close()
    expect((await closed)[0]).toBe(1001)
  })
})
