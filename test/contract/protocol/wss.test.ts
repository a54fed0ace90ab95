import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGate } from '../../../shared/protocol/gate.ts'
import { dialGate } from '../../../shared/protocol/gate-client.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { TLS } from '../../support/certificate.ts'
import { EXAMPLES, example } from '../../unit/protocol/examples.ts'
import { answerAll, axonOf, MODELS, miner, sessionWith, stranger, validator } from './harness.ts'

describe('an axon with a certificate', () => {
  it('answers over wss, whoever signed the certificate', async () => {
    const axon = await axonOf({ tls: TLS })
    const session = await sessionWith(axon, { tls: true })
    expect(await session.request(example('challenge'), { timeoutMs: 60_000 })).toStrictEqual(EXAMPLES.commit)
    expect(axon.connections()).toBe(1)
    await axon.close()
    expect(await session.closed).toMatchObject({ code: 1001 })
  })

  it('still has to hold the hotkey', async () => {
    const axon = await axonOf({ tls: TLS })
    const dialled = sessionWith(axon, { tls: true, hotkey: stranger.address })
    await expect(dialled).rejects.toMatchObject({ code: 'UPGRADE_REFUSED', message: /AUTH_WRONG_RECEIVER/ })
  })

  it('and one without can’t be dialled as the other', async () => {
    const unreachable = { code: 'AXON_UNREACHABLE' }
    await expect(sessionWith(await axonOf({ tls: TLS }))).rejects.toMatchObject(unreachable)
    await expect(sessionWith(await axonOf(), { tls: true })).rejects.toMatchObject(unreachable)
  })

  it('is waited for only as long as a handshake may take', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const dialled = sessionWith({ ip: '127.0.0.1', port }, { tls: true, limits: { handshakeMs: 50 } })
    await expect(dialled).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('does not start with one that can’t be used', async () => {
    const noneAtAll = axonOf({ tls: { ...TLS, key: 'no key' } })
    await expect(noneAtAll).rejects.toMatchObject({ code: 'AXON_CERTIFICATE', remedy: /PEM/ })
  })

  it.each([
    ['nothing', ''],
    ['half a greeting', '\u0016\u0003\u0001\u0002\u0000'],
    ['plain HTTP', 'GET / HTTP/1.1\r\n\r\n'],
  ])('has a deadline for a stranger that sends %s', async (_what, bytes) => {
    const axon = await axonOf({ tls: TLS, limits: { handshakeMs: 50 } })
    const socket = connect({ host: axon.ip, port: axon.port, allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    const gone = once(socket, 'end').catch(() => {})
    socket.on('error', () => {}).resume()
    socket.write(bytes)
    await gone
  })

  it('closes while strangers are at their TLS handshake', async () => {
    const axon = await axonOf({ tls: TLS, limits: { handshakeMs: 3_600_000 } })
    const socket = connect(axon.port, axon.ip)
    socket.on('error', () => {})
    await once(socket, 'connect')
    await axon.close()
  })

  it('keeps a session beyond the time that a handshake may take', async () => {
    const axon = await axonOf({ tls: TLS, limits: { handshakeMs: 3_000 } })
    const session = await sessionWith(axon, { tls: true })
    // The deadline of a socket that came later has passed.
    const later = connect(axon.port, axon.ip)
    later.on('error', () => {}).resume()
    await once(later, 'close')
    expect(await session.request(example('receipt'), { timeoutMs: 60_000 })).toStrictEqual({ type: 'ack' })
  })
})

it('a gate with a certificate takes miners over wss', async () => {
  let gate: Awaited<ReturnType<typeof startGate>> | undefined
  const session = new Promise<Session>((onSession, fail) => {
    startGate({
      ip: '127.0.0.1',
      port: 0,
      signer: validator,
      tls: TLS,
      authorize: () => undefined,
      onSession,
    })
      .then((started) => {
        gate = started
        const { ip, port } = started
        const names = { signer: miner, hotkey: validator.address, models: MODELS }
        return dialGate({ ip, port, tls: true, ...names, authorize: () => undefined, handle: answerAll })
      })
      .catch(fail)
  })
  onTestFinished(() => gate?.close())
  const asking = await session
  expect(await asking.request(example('challenge'), { timeoutMs: 60_000 })).toStrictEqual(EXAMPLES.commit)
})
