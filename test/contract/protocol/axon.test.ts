import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StarlingError } from '../../../shared/process/errors.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'
import { refusalCode } from '../../../shared/protocol/refused-error.ts'
import { EXAMPLES, example, REQUEST_TYPES } from '../../unit/protocol/examples.ts'
import {
  answerAll,
  axonOf,
  connectionsBecome,
  MODELS,
  miner,
  sessionWith,
  stranger,
  validator,
} from './harness.ts'

const never = () => new Promise<never>(() => {})
const challenge = () => example('challenge')

describe('a session', () => {
  it('knows who answers, what it offers and how far away it is', async () => {
    const session = await sessionWith(await axonOf())
    expect(session.hotkey).toBe(miner.address)
    expect(session.models).toStrictEqual(MODELS)
    expect(session.pingMs()).toBeGreaterThan(0)
  })

  it('gets the reply that belongs to each request', async () => {
    const peers: string[] = []
    const axon = await axonOf({
      handle: (request, { peer }) => {
        peers.push(peer)
        return answerAll(request)
      },
    })
    const session = await sessionWith(axon)
    const commit = await session.request(challenge(), { timeoutMs: 60_000 })
    expect(commit).toStrictEqual(EXAMPLES.commit)
    for (const type of REQUEST_TYPES) {
      const request = example(type)
      expect(await session.request(request, { timeoutMs: 60_000 })).toStrictEqual(await answerAll(request))
    }
    expect(new Set(peers)).toStrictEqual(new Set([validator.address]))
  })

  it('keeps replies apart that come in another order', async () => {
    const release: (() => void)[] = []
    const axon = await axonOf({
      handle: async (request) => {
        if (request.type === 'challenge') await new Promise<void>((done) => release.push(done))
        else for (const done of release) done()
        return answerAll(request)
      },
    })
    const session = await sessionWith(axon)
    const id = new Uint8Array(32).fill(77)
    const first = session.request({ ...challenge(), id }, { timeoutMs: 60_000 })
    const second = session.request(example('reveal-request'), { timeoutMs: 60_000 })
    expect((await second).id).toStrictEqual(EXAMPLES['reveal-request'].id)
    expect((await first).id).toStrictEqual(id)
  })

  it('ends for both when the validator closes it', async () => {
    const axon = await axonOf()
    const session = await sessionWith(axon)
    expect(axon.connections()).toBe(1)
    session.close()
    expect(await session.closed).toStrictEqual({ code: 1000, reason: 'DONE' })
    await expect(session.request(challenge(), { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'CLOSED',
    })
    await connectionsBecome(axon, 0)
  })

  it('ends when the axon closes, and requests under way reject', async () => {
    const axon = await axonOf({ handle: never })
    const session = await sessionWith(axon)
    const request = session.request(challenge(), { timeoutMs: 60_000 })
    request.catch(() => {})
    await axon.close()
    expect(await session.closed).toStrictEqual({ code: 1001, reason: 'GOING_AWAY' })
    await expect(request).rejects.toMatchObject({ code: 'CLOSED', message: /1001 GOING_AWAY/ })
  })

  it('ends with the signal it was opened with', async () => {
    const controller = new AbortController()
    const session = await sessionWith(await axonOf(), { signal: controller.signal })
    controller.abort()
    expect(await session.closed).toMatchObject({ code: 1000 })
  })
})

describe('requests', () => {
  it('reject with TIMEOUT, and a late reply harms nobody', async () => {
    let release = (): void => {}
    const axon = await axonOf({
      handle: async (request) => {
        if (request.type === 'challenge') await new Promise<void>((done) => (release = done))
        return answerAll(request)
      },
    })
    const session = await sessionWith(axon)
    const late = session.request(challenge(), { timeoutMs: 1 })
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT', message: /challenge within 1 ms/ })
    // Its frame was sent first, so the handler holds it by the time that this one is answered.
    await session.request(example('receipt'), { timeoutMs: 60_000 })
    release()
    expect(await session.request(example('receipt'), { timeoutMs: 60_000 })).toStrictEqual({ type: 'ack' })
  })

  it('can be called off', async () => {
    const session = await sessionWith(await axonOf({ handle: never }))
    const controller = new AbortController()
    const request = session.request(challenge(), { timeoutMs: 60_000, signal: controller.signal })
    controller.abort()
    await expect(request).rejects.toMatchObject({ code: 'ABORTED' })
    const again = session.request(challenge(), { timeoutMs: 60_000, signal: controller.signal })
    await expect(again).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('give up a miner that leaves too many unanswered', async () => {
    const session = await sessionWith(await axonOf({ handle: never }), { limits: { abandonedRequests: 2 } })
    for (let i = 0; i < 3; i++) {
      await expect(session.request(challenge(), { timeoutMs: 1 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    }
    expect(await session.closed).toMatchObject({ code: 4429 })
  })

  it('wait in a bounded queue on both sides', async () => {
    const axon = await axonOf({ handle: never, limits: { requestsInFlight: 1 } })
    const session = await sessionWith(axon, { limits: { requestsInFlight: 2 } })
    session.request(challenge(), { timeoutMs: 60_000 }).catch(() => {})
    const second = session.request(challenge(), { timeoutMs: 60_000 })
    const third = session.request(challenge(), { timeoutMs: 60_000 })
    await expect(third).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    const busy = await second.catch((error: unknown) => error)
    expect(refusalCode(busy)).toBe('BUSY')
  })

  it('that are invalid are not sent, and cost nothing', async () => {
    const session = await sessionWith(await axonOf())
    const invalid = session.request({ ...challenge(), round: -1 }, { timeoutMs: 60_000 })
    await expect(invalid).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    expect(await session.request(challenge(), { timeoutMs: 60_000 })).toMatchObject({ type: 'commit' })
  })

  it('abort their handler when the validator is gone', async () => {
    let aborted = (): void => {}
    let began = (): void => {}
    const seenAbort = new Promise<void>((done) => (aborted = done))
    const seenRequest = new Promise<void>((done) => (began = done))
    const axon = await axonOf({
      handle: (_request, { signal }) => {
        signal.addEventListener('abort', aborted)
        began()
        return never()
      },
    })
    const session = await sessionWith(axon)
    session.request(challenge(), { timeoutMs: 60_000 }).catch(() => {})
    await seenRequest
    session.close()
    await seenAbort
  })
})

describe('refusals', () => {
  const refusedBy = async (handle: typeof answerAll) => {
    const session = await sessionWith(await axonOf({ handle }))
    const error = await session.request(challenge(), { timeoutMs: 60_000 }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'REFUSED' })
    return (error as { refusal: unknown }).refusal
  }

  it('carry the code and the line of a StarlingError', async () => {
    const refusal = await refusedBy(async () => {
      throw new StarlingError('TOO_LATE', `the challenge\nis ${'very '.repeat(100)} old`)
    })
    expect(refusal).toMatchObject({ code: 'TOO_LATE', message: /^the challenge is very/ })
    expect((refusal as { message: string }).message).toHaveLength(200)
  })

  it('tell nothing of other errors, sync or async, nor of replies that do not fit', async () => {
    const internal = { type: 'refusal', code: 'INTERNAL', message: 'the miner failed to answer' }
    const secret = new Error('/home/miner/.secret')
    expect(await refusedBy(() => Promise.reject(secret))).toStrictEqual(internal)
    expect(
      await refusedBy(() => {
        throw secret
      }),
    ).toStrictEqual(internal)
    expect(await refusedBy(async () => ({ type: 'ack' }))).toStrictEqual(internal)
    expect(await refusedBy(async () => ({ ...EXAMPLES.commit, id: new Uint8Array(32) }))).toStrictEqual(
      internal,
    )
    const short = { ...EXAMPLES.commit, digest: new Uint8Array(3) }
    expect(await refusedBy(async () => short)).toStrictEqual(internal)
  })

  it('follow when a permit is lost while connected', async () => {
    let permitted = true
    const lost = new StarlingError('NO_PERMIT', 'no validator permit')
    const session = await sessionWith(await axonOf({ authorize: () => (permitted ? undefined : lost) }))
    await session.request(challenge(), { timeoutMs: 60_000 })
    permitted = false
    const error = await session.request(challenge(), { timeoutMs: 60_000 }).catch((thrown: unknown) => thrown)
    expect(refusalCode(error)).toBe('NO_PERMIT')
  })
})

describe('dialling', () => {
  const dial = (port: number, options = {}) =>
    connectAxon({ ip: '127.0.0.1', port, signer: validator, hotkey: miner.address, ...options })

  it('fails in one line when nobody listens', async () => {
    const axon = await axonOf()
    await axon.close()
    const failure = dial(axon.port)
    await expect(failure).rejects.toMatchObject({ code: 'AXON_UNREACHABLE', message: /ECONNREFUSED/ })
  })

  it('fails when the axon belongs to somebody else', async () => {
    const axon = await axonOf()
    const failure = dial(axon.port, { hotkey: stranger.address })
    await expect(failure).rejects.toMatchObject({
      code: 'UPGRADE_REFUSED',
      message: /401 AUTH_WRONG_RECEIVER/,
    })
  })

  it('has a deadline against a server that says nothing', async () => {
    const server = createServer(() => {})
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    await expect(dial(port, { limits: { handshakeMs: 20 } })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('can be called off before it began', async () => {
    const failure = dial(1, { signal: AbortSignal.abort() })
    await expect(failure).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('says so when the port to listen on is taken', async () => {
    const axon = await axonOf()
    const options = {
      ip: axon.ip,
      signer: miner,
      models: MODELS,
      authorize: () => undefined,
      handle: answerAll,
    }
    const failure = startAxon({ ...options, port: axon.port })
    await expect(failure).rejects.toMatchObject({ code: 'AXON_PORT_TAKEN', remedy: /--axon.port/ })
    const foreign = startAxon({ ...options, ip: '192.0.2.1', port: 0 })
    await expect(foreign).rejects.toMatchObject({ code: 'AXON_ADDRESS' })
  })
})
