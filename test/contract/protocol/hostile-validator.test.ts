import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { decodeReply, encodeFrame } from '../../../shared/protocol/codec.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import { rawDial } from '../../support/raw-peer.ts'
import { EXAMPLES, example } from '../../unit/protocol/examples.ts'
import {
  answerAll,
  axonOf,
  connectionsBecome,
  ending,
  rawSession,
  sessionWith,
  stranger,
  upgradeOf,
} from './harness.ts'

const MALFORMED = '4400 MALFORMED_FRAME'
const request = (seq: number) => encodeFrame(seq, example('challenge'))

describe('a validator loses its connection, and nobody else does, over', () => {
  it.each([
    ['an empty frame', new Uint8Array(0), MALFORMED],
    ['bytes that mean nothing', Uint8Array.of(0xc1), MALFORMED],
    ['deep nesting', new Uint8Array(100_000).fill(0x91), MALFORMED],
    [
      'a record extension',
      new Packr({ useRecords: true }).pack({ seq: 1, body: { type: 'ack' } }),
      MALFORMED,
    ],
    ['an unknown key', new Packr({ useRecords: false }).pack({ seq: 1, body: {}, x: 1 }), MALFORMED],
    ["a miner's message", encodeFrame(1, example('commit')), MALFORMED],
    ['a number that was skipped', request(2), '4409 BAD_SEQUENCE'],
    ['the number of the hello', request(0), '4409 BAD_SEQUENCE'],
    ['an oversized frame', new Uint8Array(MESSAGE_LIMITS.frameBytes + 1), '1009 '],
    ['a second offer, which is a miner’s', encodeFrame(1, example('offer')), MALFORMED],
    ['a second hello', encodeFrame(1, example('hello')), MALFORMED],
  ])('%s', async (_what, frame, expected) => {
    const axon = await axonOf()
    const bystander = await sessionWith(axon, { signer: stranger })
    const peer = await rawSession(axon)
    const ended = ending(peer.socket)
    peer.send(frame)
    expect(await ended).toBe(expected)
    expect(await bystander.request(example('receipt'), { timeoutMs: 60_000 })).toStrictEqual({ type: 'ack' })
    await connectionsBecome(axon, 1)
  })

  it('a number that was used before', async () => {
    const peer = await rawSession(await axonOf())
    peer.send(request(1))
    await peer.next()
    const ended = ending(peer.socket)
    peer.send(request(1))
    expect(await ended).toBe('4409 BAD_SEQUENCE')
  })

  it('frames that break the WebSocket protocol itself', async () => {
    const axon = await axonOf()
    const { socket } = await rawSession(axon)
    const ended = ending(socket)
    // A reserved opcode with a reserved bit, unmasked, past the library that would not send it.
    const { _socket: tcp } = socket as unknown as { _socket: NodeJS.WritableStream }
    tcp.write(Uint8Array.of(0xf3, 0x00))
    expect(await ended).toMatch(/^1002/)
    await connectionsBecome(axon, 0)
  })

  it('not reading', async () => {
    const big = 'x'.repeat(MESSAGE_LIMITS.answerBytes)
    const reveal = { ...example('reveal'), text: big }
    const axon = await axonOf({
      handle: async (message) => (message.type === 'reveal-request' ? reveal : answerAll(message)),
      limits: { bufferedBytes: 256 * 1024, requestsInFlight: 10_000 },
    })
    const peer = await rawSession(axon)
    peer.socket.pause()
    // 64 MiB of replies: far more than any socket buffer takes.
    for (let seq = 1; seq <= 2048; seq++) peer.send(encodeFrame(seq, example('reveal-request')))
    await connectionsBecome(axon, 0)
  })

  it('not answering pings', async () => {
    const axon = await axonOf({ limits: { pingMs: 10, missedPings: 2 } })
    const deaf = await rawDial(axon, upgradeOf(), { autoPong: false })
    // No close frame: nobody would read it.
    expect(await ending(deaf.socket)).toBe('1006 ')
    await connectionsBecome(axon, 0)
  })
})

describe('what follows a bad frame', () => {
  it('is not looked at', async () => {
    let handled = 0
    const axon = await axonOf({
      handle: (message) => {
        handled++
        return answerAll(message)
      },
    })
    const peer = await rawSession(axon)
    const ended = ending(peer.socket)
    peer.send(Uint8Array.of(0xc1), request(1))
    peer.send(request(1))
    expect(await ended).toBe(MALFORMED)
    expect(handled).toBe(0)
  })
})

describe('an axon', () => {
  // A thousand handshakes are a thousand signatures each way: seconds of CPU time, more on a busy machine.
  it('serves on after 1,000 random frames, each of which cost a connection', async () => {
    const axon = await axonOf({
      limits: { upgradesPerMinute: 10_000, connectionsPerHotkey: 10_000, connections: 10_000 },
    })
    const bystander = await sessionWith(axon, { signer: stranger })
    const valid = Buffer.from(request(1))
    const damaged = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
      const frame = Uint8Array.from(valid)
      frame[at] = frame[at]! ^ flip
      return frame
    })
    const frames = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 512 }), damaged), { numRuns: 1000, seed: 7 })

    let survived = 0
    for (let start = 0; start < frames.length; start += 20) {
      const batch = frames.slice(start, start + 20).map(async (frame) => {
        const peer = await rawSession(axon)
        const outcome = new Promise<string>((resolve) => {
          peer.onFrame(() => resolve('answered'))
          peer.socket.on('close', (code) => resolve(String(code)))
        })
        peer.send(frame)
        const result = await outcome
        // A flipped bit in a prompt or a hash still is a challenge.
        if (result === 'answered') survived++
        else expect(['4400', '4409']).toContain(result)
        peer.socket.terminate()
      })
      await Promise.all(batch)
    }
    expect(survived).toBeLessThan(frames.length / 2)
    expect(await bystander.request(example('receipt'), { timeoutMs: 60_000 })).toStrictEqual({ type: 'ack' })
    const fresh = await sessionWith(axon)
    expect(await fresh.request(example('challenge'), { timeoutMs: 60_000 })).toStrictEqual(EXAMPLES.commit)
  }, 240_000)

  it('says BUSY to more than its queue holds, and answers the rest', async () => {
    const release: (() => void)[] = []
    const axon = await axonOf({
      handle: async (message) => {
        await new Promise<void>((done) => release.push(done))
        return answerAll(message)
      },
      limits: { requestsInFlight: 2 },
    })
    const peer = await rawSession(axon)
    const replies: string[] = []
    const all = new Promise<void>((done) => {
      peer.onFrame((frame) => {
        const { seq, body } = decodeReply(frame)
        replies.push(`${seq} ${body.type === 'refusal' ? body.code : body.type}`)
        if (replies.length === 2) for (const go of release) go()
        if (replies.length === 4) done()
      })
    })
    for (const seq of [1, 2, 3, 4]) peer.send(request(seq))
    await all
    expect(replies).toStrictEqual(['3 BUSY', '4 BUSY', '1 commit', '2 commit'])
  })
})
