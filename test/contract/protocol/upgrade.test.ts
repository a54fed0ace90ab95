import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StarlingError } from '../../../shared/process/errors.ts'
import { type Log, silentLog } from '../../../shared/process/logging.ts'
import { GATE_PATH } from '../../../shared/protocol/axon.ts'
import { nextNonce } from '../../../shared/protocol/btauth.ts'
import { openNonceFile } from '../../../shared/protocol/nonce-file.ts'
import {
  axonOf,
  connectionsBecome,
  miner,
  rawSession,
  sessionWith,
  stranger,
  upgradeAnswer,
  upgradeOf,
  validator,
} from './harness.ts'

const withHeaders = (change: Record<string, string>) => {
  const upgrade = upgradeOf()
  return { ...upgrade, headers: { ...upgrade.headers, ...change } }
}

describe('an upgrade', () => {
  it('passes when it is signed for this axon, now', async () => {
    expect(await upgradeAnswer(await axonOf(), upgradeOf())).toBe('101')
  })

  it.each([
    ['an empty signature', () => withHeaders({ 'X-Bittensor-Signature': '' }), /^401 AUTH_MALFORMED/],
    ['a bare 0x', () => withHeaders({ 'X-Bittensor-Signature': '0x' }), /^401 AUTH_MALFORMED/],
    ['no headers', () => ({ ...upgradeOf(), headers: {} }), /^401 AUTH_MALFORMED/],
    ['another receiver', () => upgradeOf({ receiver: stranger.address }), /^401 AUTH_WRONG_RECEIVER/],
    ['no receiver', () => upgradeOf({ receiver: '-' }), /^401 AUTH_WRONG_RECEIVER/],
    ['an old nonce', () => upgradeOf({ nonce: nextNonce(Date.now() - 11_000) }), /^401 AUTH_STALE.*old/],
    ['a future nonce', () => upgradeOf({ nonce: nextNonce(Date.now() + 60_000) }), /^401 AUTH_STALE.*future/],
    ['a signature by someone else', () => upgradeOf({}, stranger), /^401 AUTH_BAD_SIGNATURE/],
    ['another key signed', () => ({ ...upgradeOf(), target: upgradeOf().target }), /^401 AUTH_BAD_SIGNATURE/],
    ['another path signed', () => upgradeOf({ target: '/other' }), /^401 AUTH_BAD_SIGNATURE/],
    ['another method signed', () => upgradeOf({ method: 'POST' }), /^401 AUTH_BAD_SIGNATURE/],
    ['a body signed', () => upgradeOf({ body: Uint8Array.of(1) }), /^401 AUTH_BAD_SIGNATURE/],
  ])('is refused with %s', async (_what, upgrade, answer) => {
    const axon = await axonOf()
    expect(await upgradeAnswer(axon, upgrade())).toMatch(answer)
    expect(axon.connections()).toBe(0)
  })

  it('is refused the second time', async () => {
    const axon = await axonOf()
    const upgrade = upgradeOf()
    await rawSession(axon, upgrade)
    expect(await upgradeAnswer(axon, upgrade)).toMatch(/^401 AUTH_REPLAYED/)
  })

  it('is refused the second time also after a restart', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'starling-nonces-')), 'nonces')
    const start = () => axonOf({ nonces: openNonceFile({ path, capacity: 10, lifetimeMs: 12_000 }) })
    const before = await start()
    const upgrade = upgradeOf()
    expect(await upgradeAnswer(before, upgrade)).toBe('101')
    await before.close()
    const after = await start()
    expect(await upgradeAnswer(after, upgrade)).toMatch(/^401 AUTH_REPLAYED/)
    expect(await upgradeAnswer(after, upgradeOf())).toBe('101')
  })

  it('is refused when its nonce can’t be written down, and only the log says where', async () => {
    const lines: string[] = []
    const nonces = {
      accept() {
        throw new StarlingError('NONCES_UNWRITABLE', 'cannot write /var/lib/nonces: ENOSPC')
      },
    }
    const log = {
      ...silentLog(),
      error: (facts: object) => lines.push(JSON.stringify(facts)),
    } as unknown as Log
    const axon = await axonOf({ nonces, log })
    expect(await upgradeAnswer(axon, upgradeOf())).toBe('500 INTERNAL: the listener failed to answer')
    expect(lines.join()).toMatch(/NONCES_UNWRITABLE: cannot write/)
    expect(axon.connections()).toBe(0)
  })

  it('cannot use up a nonce that somebody else is about to use', async () => {
    const axon = await axonOf()
    const nonce = nextNonce(Date.now())
    expect(await upgradeAnswer(axon, upgradeOf({ nonce }, stranger))).toMatch(/^401 AUTH_BAD_SIGNATURE/)
    expect(await upgradeAnswer(axon, upgradeOf({ nonce }))).toBe('101')
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
    expect(await upgradeAnswer(axon, upgradeOf({}, stranger))).toMatch(/^403 NO_PERMIT/)
    expect(asked).toStrictEqual([validator.address])
  })

  it('is refused on another path', async () => {
    const axon = await axonOf()
    const { target } = upgradeOf()
    const wrong = [
      '/starling/6',
      `${target}0`,
      `${target}&x=1`,
      target.toUpperCase(),
      target.replace('6?', '5?'),
    ]
    wrong.push(upgradeOf({}, validator, GATE_PATH).target)
    for (const other of wrong) {
      expect(await upgradeAnswer(axon, { ...upgradeOf(), target: other })).toMatch(/^404/)
    }
  })

  it('is refused when an address tries too often', async () => {
    const axon = await axonOf({ limits: { upgradesPerMinute: 2 } })
    const answers = [await upgradeAnswer(axon, upgradeOf({}, stranger))]
    answers.push(await upgradeAnswer(axon, upgradeOf({}, stranger)))
    answers.push(await upgradeAnswer(axon, upgradeOf()))
    expect(answers.map((answer) => answer.slice(0, 3))).toStrictEqual(['401', '401', '429'])
  })

  it('is refused when its hotkey or the axon has no connection left', async () => {
    const axon = await axonOf({ limits: { connectionsPerHotkey: 1, connections: 2 } })
    const first = await sessionWith(axon)
    expect(await upgradeAnswer(axon, upgradeOf())).toMatch(/^429 TOO_MANY_CONNECTIONS/)
    await sessionWith(axon, { signer: stranger })
    expect(await upgradeAnswer(axon, upgradeOf({ sender: miner.address }, miner))).toMatch(/^503 AXON_FULL/)
    first.close()
    await connectionsBecome(axon, 1)
    expect(await upgradeAnswer(axon, upgradeOf())).toBe('101')
  })

  it('with a body is refused, as the signature says that there is none', async () => {
    const axon = await axonOf()
    expect(await upgradeAnswer(axon, withHeaders({ 'Content-Length': '1' }))).toMatch(/^400 BAD_REQUEST/)
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
    ['sends half a request', 'GET /starling/6 HTTP/1.1\r\nHost: x\r\n'],
    ['sends nonsense', '\u0000\u0001\u0002\r\n\r\n'],
    ['sends endless headers', `GET /starling/6 HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`],
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
