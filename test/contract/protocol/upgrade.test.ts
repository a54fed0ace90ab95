import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StarlingError } from '../../../shared/process/errors.ts'
import { nextNonce } from '../../../shared/protocol/btauth.ts'
import {
  axonOf,
  connectionsBecome,
  miner,
  rawSocket,
  sessionWith,
  stranger,
  upgradeAnswer,
  upgradeHeaders,
  validator,
} from './harness.ts'

describe('an upgrade', () => {
  it('passes when it is signed for this axon, now', async () => {
    expect(await upgradeAnswer(await axonOf(), upgradeHeaders())).toBe('101')
  })

  it.each([
    [
      'an empty signature',
      () => ({ ...upgradeHeaders(), 'X-Bittensor-Signature': '' }),
      /^401 AUTH_MALFORMED/,
    ],
    ['a bare 0x', () => ({ ...upgradeHeaders(), 'X-Bittensor-Signature': '0x' }), /^401 AUTH_MALFORMED/],
    ['no headers', () => ({}), /^401 AUTH_MALFORMED/],
    ['another receiver', () => upgradeHeaders({ receiver: stranger.address }), /^401 AUTH_WRONG_RECEIVER/],
    ['no receiver', () => upgradeHeaders({ receiver: '-' }), /^401 AUTH_WRONG_RECEIVER/],
    ['an old nonce', () => upgradeHeaders({ nonce: nextNonce(Date.now() - 11_000) }), /^401 AUTH_STALE.*old/],
    [
      'a future nonce',
      () => upgradeHeaders({ nonce: nextNonce(Date.now() + 60_000) }),
      /^401 AUTH_STALE.*future/,
    ],
    ['a signature by someone else', () => upgradeHeaders({}, stranger), /^401 AUTH_BAD_SIGNATURE/],
    ['another path signed', () => upgradeHeaders({ target: '/other' }), /^401 AUTH_BAD_SIGNATURE/],
    ['another method signed', () => upgradeHeaders({ method: 'POST' }), /^401 AUTH_BAD_SIGNATURE/],
    ['a body signed', () => upgradeHeaders({ body: Uint8Array.of(1) }), /^401 AUTH_BAD_SIGNATURE/],
  ])('is refused with %s', async (_what, headers, answer) => {
    const axon = await axonOf()
    expect(await upgradeAnswer(axon, headers())).toMatch(answer)
    expect(axon.connections()).toBe(0)
  })

  it('is refused the second time', async () => {
    const axon = await axonOf()
    const headers = upgradeHeaders()
    await rawSocket(axon, headers)
    expect(await upgradeAnswer(axon, headers)).toMatch(/^401 AUTH_REPLAYED/)
  })

  it('cannot use up a nonce that somebody else is about to use', async () => {
    const axon = await axonOf()
    const nonce = nextNonce(Date.now())
    expect(await upgradeAnswer(axon, upgradeHeaders({ nonce }, stranger))).toMatch(/^401 AUTH_BAD_SIGNATURE/)
    expect(await upgradeAnswer(axon, upgradeHeaders({ nonce }))).toBe('101')
  })

  it('is refused without permission, before its signature costs anything', async () => {
    const asked: string[] = []
    const axon = await axonOf({
      authorize: (hotkey) => {
        asked.push(hotkey)
        return new StarlingError('NO_PERMIT', `${hotkey} has no validator permit`)
      },
    })
    // Signed by someone else: were the signature checked first, the answer would be 401.
    expect(await upgradeAnswer(axon, upgradeHeaders({}, stranger))).toMatch(/^403 NO_PERMIT/)
    expect(asked).toStrictEqual([validator.address])
  })

  it('is refused on another path', async () => {
    expect(await upgradeAnswer(await axonOf(), upgradeHeaders(), '/starling/5?x=1')).toMatch(/^404/)
  })

  it('is refused when an address tries too often', async () => {
    const axon = await axonOf({ limits: { upgradesPerMinute: 2 } })
    const answers = [await upgradeAnswer(axon, upgradeHeaders({}, stranger))]
    answers.push(await upgradeAnswer(axon, upgradeHeaders({}, stranger)))
    answers.push(await upgradeAnswer(axon, upgradeHeaders()))
    expect(answers.map((answer) => answer.slice(0, 3))).toStrictEqual(['401', '401', '429'])
  })

  it('is refused when its hotkey or the axon has no connection left', async () => {
    const axon = await axonOf({ limits: { connectionsPerHotkey: 1, connections: 2 } })
    const first = await sessionWith(axon)
    expect(await upgradeAnswer(axon, upgradeHeaders())).toMatch(/^429 TOO_MANY_CONNECTIONS/)
    await sessionWith(axon, { signer: stranger })
    expect(await upgradeAnswer(axon, upgradeHeaders({ sender: miner.address }, miner))).toMatch(
      /^503 AXON_FULL/,
    )
    first.close()
    await connectionsBecome(axon, 1)
    expect(await upgradeAnswer(axon, upgradeHeaders())).toBe('101')
  })

  it('with a body is refused, as the signature says that there is none', async () => {
    const axon = await axonOf()
    const headers = { ...upgradeHeaders(), 'Content-Length': '1' }
    expect(await upgradeAnswer(axon, headers)).toMatch(/^400 BAD_REQUEST/)
  })

  it('is what a plain HTTP request is told to do', async () => {
    const { ip, port } = await axonOf()
    const request = httpRequest({ host: ip, port, path: '/' }).end()
    const [response] = await once(request, 'response')
    expect(response.statusCode).toBe(426)
    response.resume()
  })
})

describe('a stranger at the door', () => {
  it.each([
    ['sends nothing', ''],
    ['sends half a request', 'GET /starling/5 HTTP/1.1\r\nHost: x\r\n'],
    ['sends nonsense', '\u0000\u0001\u0002\r\n\r\n'],
    ['sends endless headers', `GET /starling/5 HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`],
    [
      'never reads its refusal',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('that %s is gone after the handshake time', async (_what, bytes) => {
    const axon = await axonOf({ limits: { handshakeMs: 50 } })
    const socket = connect({ host: axon.ip, port: axon.port, allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    const gone = once(socket, 'end').catch(() => {})
    socket.on('error', () => {}).resume()
    socket.write(bytes)
    await gone
  })

  it('does not keep an axon from closing', async () => {
    const axon = await axonOf({ limits: { handshakeMs: 3_600_000 } })
    const socket = connect(axon.port, axon.ip)
    socket.on('error', () => {})
    await once(socket, 'connect')
    await axon.close()
  })
})
