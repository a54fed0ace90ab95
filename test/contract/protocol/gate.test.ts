import { describe, expect, it, onTestFinished } from 'vitest'
import { StarlingError } from '../../../shared/process/errors.ts'
import { AXON_PATH, GATE_PATH } from '../../../shared/protocol/axon.ts'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import { type Gate, type GateOptions, startGate } from '../../../shared/protocol/gate.ts'
import { type DialGateOptions, dialGate } from '../../../shared/protocol/gate-client.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { type RawPeer, rawDial, signedUpgrade } from '../../support/raw-peer.ts'
import { example, REQUEST_TYPES } from '../../unit/protocol/examples.ts'
import { answerAll, ending, MODELS, miner, stranger, upgradeAnswer, validator } from './harness.ts'

/** A validator's gate on a free port, and the sessions that it gets, in turn. */
async function gateOf(options: Partial<GateOptions> = {}) {
  const sessions: Session[] = []
  const awaited: ((session: Session) => void)[] = []
  const gate = await startGate({
    ip: '127.0.0.1',
    port: 0,
    signer: validator,
    authorize: () => undefined,
    onSession: (session) => (awaited.shift() ?? ((one) => sessions.push(one)))(session),
    ...options,
  })
  onTestFinished(() => gate.close())
  const session = (): Promise<Session> => {
    const arrived = sessions.shift()
    return arrived === undefined ? new Promise((done) => awaited.push(done)) : Promise.resolve(arrived)
  }
  return { gate, session, arrived: sessions }
}

/** A miner that dials it. */
function dial({ ip, port }: Pick<Gate, 'ip' | 'port'>, options: Partial<DialGateOptions> = {}) {
  return dialGate({
    ...{ ip, port, signer: miner, hotkey: validator.address, models: MODELS },
    ...{ authorize: () => undefined, handle: answerAll },
    ...options,
  })
}

/** A miner that misbehaves, before its offer. */
async function rawMiner(gate: Gate): Promise<RawPeer> {
  const peer = await rawDial(gate, signedUpgrade(miner, validator.address, {}, GATE_PATH))
  onTestFinished(() => peer.socket.terminate())
  return peer
}

describe('a gate', () => {
  it('gets a session with whoever dialled, and asks as at an axon', async () => {
    const { gate, session } = await gateOf()
    const peers = new Set<string>()
    await dial(gate, {
      handle: (request, { peer }) => {
        peers.add(peer)
        return answerAll(request)
      },
    })
    const asking = await session()
    expect(asking).toMatchObject({ hotkey: miner.address, models: MODELS })
    expect(asking.pingMs()).toBeGreaterThan(0)
    for (const type of REQUEST_TYPES) {
      const request = example(type)
      expect(await asking.request(request, { timeoutMs: 60_000 })).toStrictEqual(await answerAll(request))
    }
    expect([...peers]).toStrictEqual([validator.address])
  })

  it('ends for both, whoever ends it', async () => {
    const { gate, session } = await gateOf()
    const first = await dial(gate)
    ;(await session()).close()
    expect(await first.closed).toStrictEqual({ code: 1000, reason: 'DONE' })
    const second = await dial(gate)
    const asking = await session()
    second.close()
    expect(await asking.closed).toStrictEqual({ code: 1001, reason: 'GOING_AWAY' })
    const controller = new AbortController()
    const third = await dial(gate, { signal: controller.signal })
    controller.abort()
    expect(await third.closed).toMatchObject({ code: 1001 })
    const fourth = await dial(gate)
    await gate.close()
    expect(await fourth.closed).toStrictEqual({ code: 1001, reason: 'GOING_AWAY' })
  })

  it('is asked for permission before any signature is checked', async () => {
    const asked: string[] = []
    const { gate } = await gateOf({
      authorize: (hotkey) => {
        asked.push(hotkey)
        return new StarlingError('NOT_REGISTERED', `${hotkey} is not registered`)
      },
    })
    const forged = signedUpgrade(stranger, validator.address, { sender: miner.address }, GATE_PATH)
    expect(await upgradeAnswer(gate, forged)).toMatch(/^403 NOT_REGISTERED/)
    expect(asked).toStrictEqual([miner.address])
  })

  it('takes no upgrade that was signed for an axon', async () => {
    const { gate } = await gateOf()
    const { target, headers } = signedUpgrade(miner, validator.address, {}, AXON_PATH)
    expect(await upgradeAnswer(gate, { target, headers })).toMatch(/^404/)
    const moved = { target: target.replace(AXON_PATH, GATE_PATH), headers }
    expect(await upgradeAnswer(gate, moved)).toMatch(/^401 AUTH_BAD_SIGNATURE/)
  })

  it('knows a replayed upgrade', async () => {
    const { gate } = await gateOf()
    const upgrade = signedUpgrade(miner, validator.address, {}, GATE_PATH)
    expect(await upgradeAnswer(gate, upgrade)).toBe('101')
    expect(await upgradeAnswer(gate, upgrade)).toMatch(/^401 AUTH_REPLAYED/)
  })
})

describe('a gate hangs up on a miner that', () => {
  it.each([
    ['offers nothing', encodeFrame(0, example('ack')), '4409 BAD_SEQUENCE'],
    ['offers out of turn', encodeFrame(1, example('offer')), '4409 BAD_SEQUENCE'],
    ['asks', encodeFrame(1, example('challenge')), '4400 MALFORMED_FRAME'],
  ])('%s', async (_what, frame, expected) => {
    const { gate, arrived } = await gateOf()
    const peer = await rawMiner(gate)
    const ended = ending(peer.socket)
    peer.send(frame)
    expect(await ended).toBe(expected)
    expect(arrived).toHaveLength(0)
  })

  it('says nothing for as long as a handshake may take', async () => {
    const { gate, arrived } = await gateOf({ limits: { handshakeMs: 2_000 } })
    expect(await ending((await rawMiner(gate)).socket)).toBe('4402 NO_OFFER')
    expect(arrived).toHaveLength(0)
  })
})

describe('dialling a gate', () => {
  it('fails where it belongs to another hotkey', async () => {
    const { gate } = await gateOf()
    const dialled = dial(gate, { hotkey: stranger.address })
    await expect(dialled).rejects.toMatchObject({ code: 'UPGRADE_REFUSED', message: /AUTH_WRONG_RECEIVER/ })
  })

  it('is not tried where the validator may not ask', async () => {
    const { gate } = await gateOf()
    const objection = new StarlingError('NO_PERMIT', 'no validator permit')
    await expect(dial(gate, { authorize: () => objection })).rejects.toBe(objection)
    expect(gate.connections()).toBe(0)
  })
})
