import { describe, expect, it, type Mock, vi } from 'vitest'
import type { Metagraph } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { type Log, silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { createPeers, declaredModel, type PeerOptions } from '../../../validator/peers.ts'
import { testModel } from '../../support/participants.ts'

const registry = [testModel]
const signer = signerFromUri('//Alice')
const miner = signerFromUri('//Bob')

describe('declaredModel', () => {
  it('takes the first offer that can be verified', () => {
    const unknown = { ...offer, hash: new Uint8Array(32) }
    expect(declaredModel({ models: [unknown, offer] }, registry)).toBe(testModel)
  })

  it('takes neither an unknown model nor another execution class', () => {
    expect(declaredModel({ models: [{ ...offer, hash: new Uint8Array(32) }] }, registry)).toBeUndefined()
    expect(declaredModel({ models: [{ ...offer, executionClass: 'gpu-fp16' }] }, registry)).toBeUndefined()
  })
})

const axon = { ip: '127.0.0.2', port: 8091 }
const metagraph = (neurons: object[]) => ({ neurons }) as unknown as Metagraph
const self = { uid: 0, hotkey: signer.address, coldkey: 'a', axon }
const known = { uid: 1, hotkey: miner.address, coldkey: 'b', axon }
const offer = { name: 'test', hash: fromHex(testModel.hash), executionClass: testModel.executionClass }

/** A session in the test's hands. */
function sessionOf(hotkey: string, models = [offer]) {
  let end: (why: { code: number; reason: string }) => void = () => {}
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    end = resolve
  })
  const close = vi.fn(() => end({ code: 1000, reason: 'DONE' }))
  return { hotkey, models, request: vi.fn(), pingMs: () => 1, closed, close } as Session & { close: Mock }
}

function peersWith(change: Partial<PeerOptions> = {}) {
  const dialled: string[] = []
  const warned: object[] = []
  const peers = createPeers({
    signer,
    netuid: 1,
    neurons: [],
    registry,
    whyUnscored: () => new StarlingError('MODEL_UNDECLARED', 'the registry holds no such model'),
    modelBefore: () => undefined,
    dialPrivate: true,
    hasGate: false,
    async dial({ ip, port, tls, hotkey }) {
      dialled.push(`${tls ? 'wss' : 'ws'} ${ip} ${port}`)
      return sessionOf(hotkey)
    },
    signal: new AbortController().signal,
    log: { ...silentLog(), warn: (facts: object) => warned.push(facts) } as unknown as Log,
    ...change,
  })
  return { peers, dialled, warned }
}

describe('participants', () => {
  const havingRun = (hash: string) => peersWith({ modelBefore: () => hash }).peers

  it('include a miner that cannot be reached, so that hanging up is not cheaper than missing', async () => {
    const [participant, ...others] = havingRun(testModel.hash).participants(metagraph([self, known]))
    expect(others).toEqual([])
    expect(participant).toMatchObject({ hotkey: miner.address, model: testModel })
    const asked = participant!.session.request(
      { type: 'reveal-request', id: new Uint8Array(32), beacon: new Uint8Array(32) },
      { timeoutMs: 10 },
    )
    await expect(asked).rejects.toMatchObject({ code: 'OFFLINE' })
  })

  it('leave out who never proved a model, serves no axon, or is the validator itself', () => {
    expect(peersWith().peers.participants(metagraph([self, known]))).toEqual([])
    expect(havingRun('0xelse').participants(metagraph([known]))).toEqual([])
    expect(havingRun(testModel.hash).participants(metagraph([self, { ...known, axon: undefined }]))).toEqual(
      [],
    )
  })

  it('include a miner without an address that dialled in, also after it hung up', async () => {
    const { peers } = peersWith({ hasGate: true })
    const nowhere = metagraph([self, { ...known, axon: undefined }])
    expect(peers.participants(nowhere)).toEqual([])
    const session = sessionOf(miner.address)
    peers.admit(session)
    expect(peers.participants(nowhere)).toMatchObject([{ uid: 1, session }])
    session.close()
    await session.closed
    const [offline] = peers.participants(nowhere)
    expect(offline?.session).not.toBe(session)
  })
})

describe('a validator dials', () => {
  it('plain and TLS axons as the chain says, and no gate', async () => {
    const { peers, dialled } = peersWith()
    const tls = { ...known, hotkey: 'tls', axon: { ip: '10.0.0.7', port: 443, tls: true } }
    const gate = { ...known, hotkey: 'gate', axon: { ip: '10.0.0.8', port: 9000, gate: true } }
    await peers.refresh(metagraph([self, known, tls, gate, { ...known, hotkey: 'none', axon: undefined }]))
    expect(dialled).toEqual(['ws 127.0.0.2 8091', 'wss 10.0.0.7 443'])
  })

  it('no private address unless told to, and says so once for each', async () => {
    const { peers, dialled, warned } = peersWith({ dialPrivate: false })
    const open = { ...known, hotkey: 'open', axon: { ip: '8.8.8.8', port: 8091 } }
    await peers.refresh(metagraph([known, open]))
    await peers.refresh(metagraph([known, open]))
    expect(dialled).toEqual(['ws 8.8.8.8 8091'])
    expect(warned).toMatchObject([
      { hotkey: miner.address, error: expect.stringContaining('ADDRESS_PRIVATE') },
    ])
    await peers.refresh(metagraph([{ ...known, axon: { ip: '169.254.169.254', port: 80 } }]))
    expect(warned).toHaveLength(2)
  })

  it('a miner that moved at its new address', async () => {
    const { peers, dialled } = peersWith()
    await peers.refresh(metagraph([known]))
    const [first] = peers.sessions()
    await peers.refresh(metagraph([{ ...known, axon: { ...axon, tls: true } }]))
    await first!.closed
    await peers.refresh(metagraph([{ ...known, axon: { ...axon, tls: true } }]))
    expect(dialled).toEqual(['ws 127.0.0.2 8091', 'wss 127.0.0.2 8091'])
  })
})

describe('a miner that dials in', () => {
  it('must be registered, and is not this validator', async () => {
    const { peers } = peersWith({ neurons: [known, self] })
    expect(peers.authorize(miner.address)).toBeUndefined()
    for (const stranger of ['stranger', signer.address])
      expect(peers.authorize(stranger)).toMatchObject({ code: 'NOT_REGISTERED' })
    await peers.refresh(metagraph([self]))
    expect(peers.authorize(miner.address)).toMatchObject({ code: 'NOT_REGISTERED' })
  })

  it('replaces its older connection, and is not replaced when that one ends', async () => {
    const { peers } = peersWith({ hasGate: true })
    const [older, newer] = [sessionOf(miner.address), sessionOf(miner.address)]
    peers.admit(older)
    peers.admit(newer)
    expect(older.close).toHaveBeenCalledOnce()
    await older.closed
    expect(peers.sessions()).toEqual([newer])
  })

  it('is not dialled, and stays wherever its address goes', async () => {
    const { peers, dialled } = peersWith({ hasGate: true })
    const session = sessionOf(miner.address)
    peers.admit(session)
    await peers.refresh(metagraph([self, known]))
    await peers.refresh(metagraph([self, { ...known, axon: undefined }]))
    expect(dialled).toEqual([])
    expect(peers.sessions()).toEqual([session])
  })

  it('is dropped when it loses its place', async () => {
    const { peers } = peersWith({ hasGate: true })
    const session = sessionOf(miner.address)
    peers.admit(session)
    await peers.refresh(metagraph([self]))
    await session.closed
    expect(peers.sessions()).toEqual([])
  })

  it('wins over a dial that ends later', async () => {
    const late = sessionOf(miner.address)
    let answer: (session: Session) => void = () => {}
    const { peers } = peersWith({
      hasGate: true,
      dial: () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    const refreshed = peers.refresh(metagraph([known]))
    const session = sessionOf(miner.address)
    peers.admit(session)
    answer(late)
    await refreshed
    expect(late.close).toHaveBeenCalledOnce()
    expect(peers.sessions()).toEqual([session])
  })
})
