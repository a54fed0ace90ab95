import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openDisputes } from '../../../miner/disputes.ts'
import type { ChainClient } from '../../../shared/chain/chain-client.ts'
import { hearCase } from '../../../shared/dispute/hear-case.ts'
import { hearSession, openAhead } from '../../../shared/dispute/hear-session.ts'
import {
  openReferenceEvaluator,
  type ReferenceEvaluator,
} from '../../../shared/inference/reference/evaluate.ts'
import { type HeldModel, readDeclaredModel } from '../../../shared/inference/reference/reference-model.ts'
import { readRegistry } from '../../../shared/inference/registry/read-registry.ts'
import type { Registry } from '../../../shared/inference/registry/registry.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { AxonOptions } from '../../../shared/protocol/axon.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../../../shared/protocol/limits.ts'
import type { Reply, Request } from '../../../shared/protocol/messages.ts'
import { startDisputeAxon } from '../../../validator/disputes.ts'
import { cheatedCase, honestCase, KEYS, signCase } from '../../support/dispute/case.ts'

const log = silentLog()
const LIMITS = { traceMs: 120_000, moveMs: 60_000 }
/** For a side that says nothing; the other one has no longer. */
const IMPATIENT = { traceMs: 5_000, moveMs: 5_000 }
let evaluator: ReferenceEvaluator
let registry: Registry
let nano: HeldModel
let dispute: DisputeCase
let validator: Awaited<ReturnType<typeof startDisputeAxon>>

beforeAll(async () => {
  evaluator = await openReferenceEvaluator()
  registry = (await readRegistry('models/registry.json')).registry
  const { hash, reference } = registry.models.find(({ name }) => name === 'nano')!
  nano = await readDeclaredModel('models/nano', reference!)
  dispute = cheatedCase(await honestCase(nano, evaluator.evaluate))
  validator = await startDisputeAxon({
    ...{
      chain: chainWith(KEYS.referee.address),
      signer: KEYS.challenger,
      netuid: 1,
      ip: '127.0.0.1',
      port: 0,
    },
    ...{ models: 'models', registry, clock: systemClock, log },
    engines: [{ model: { name: 'nano', hash, executionClass: 'cpu-fp32' } as never }],
  })
})
afterAll(async () => {
  await validator.close()
  await evaluator.close()
})

/** A chain on which one hotkey has a validator permit. */
function chainWith(hotkey: string): ChainClient {
  const neurons = [{ hotkey, validatorPermit: true, stake: 1n }]
  const metagraph = { block: 1, lastEpochBlock: 0, tempo: 100, neurons }
  return { metagraph: async () => metagraph, onBlock: () => () => {} } as unknown as ChainClient
}

/** The miner's axon, closed when the test ends. */
async function defenderWith(handle: AxonOptions['handle']) {
  const axon = await startAxon({
    ...{ ip: '127.0.0.1', port: 0, signer: KEYS.defender, log, handle },
    models: [{ name: 'nano', hash: fromHex(nano.hash), executionClass: 'cpu-fp32' }],
    authorize: () => undefined,
  })
  onTestFinished(() => axon.close())
  return axon
}

async function honestDefender(): Promise<AxonOptions['handle']> {
  const parts = { signer: KEYS.defender, clock: systemClock, log }
  const { desk, close } = await openDisputes('models/nano', { hash: nano.hash }, parts)
  onTestFinished(close)
  return async (request) => {
    if (request.type === 'dispute-open') return desk.open(request)
    if (request.type === 'dispute-move') return desk.move(request)
    throw new Error(request.type)
  }
}

async function dial({ ip, port }: { ip: string; port: number }, hotkey: string, signer = KEYS.referee) {
  const session = await connectAxon({ ip, port, signer, hotkey })
  onTestFinished(() => session.close())
  return session
}

async function settle(handle: AxonOptions['handle'], limits = LIMITS) {
  const axon = await defenderWith(handle)
  const sessions = {
    challenger: await dial(validator, KEYS.challenger.address),
    defender: await dial(axon, KEYS.defender.address),
  }
  const sides = {
    challenger: hearSession(sessions.challenger, dispute, LIMITS),
    defender: hearSession(sessions.defender, dispute, limits),
  }
  return hearCase(dispute, nano.reference, sides, evaluator.evaluate)
}

describe('a dispute between axons', () => {
  it('ends with the verdict on a false answer, where both run the same', async () => {
    const { ruling } = await settle(await honestDefender())
    expect(ruling).toMatchObject({ losers: [], answer: { verdict: 'reject' }, unproven: [] })
  })

  const flood = new Uint8Array(DISPUTE_LIMITS.pieceBytes + 1)
  const piece = { type: 'dispute-piece', piece: 0, pieces: 1, bytes: flood, signature: new Uint8Array(64) }
  it.each<[string, RegExp, (request: Request) => Promise<Reply>, typeof LIMITS]>([
    [
      'says nothing',
      /fell silent \(miner .* did not answer dispute-move within 5000 ms/,
      () => new Promise(() => {}),
      IMPATIENT,
    ],
    [
      'sends more than a piece holds',
      /fell silent .*INTERNAL/,
      async (request) => ({ ...piece, id: (request as { id: Uint8Array }).id }) as Reply,
      LIMITS,
    ],
    ['answers something else', /fell silent .*INTERNAL/, async () => ({ type: 'ack' }), LIMITS],
  ])('is lost by a miner that %s', async (_what, reason, answer, limits) => {
    const handle = async (request: Request) =>
      request.type === 'dispute-open' ? ({ type: 'ack' } as const) : answer(request)
    const { ruling } = await settle(handle, limits)
    expect(ruling).toMatchObject({
      losers: ['defender'],
      reason: expect.stringMatching(reason),
      answer: { verdict: 'reject' },
      unproven: ['defender'],
    })
  })

  it('is not held against a side that has no room, until the referee insists', async () => {
    const session = await dial(await defenderWith(await honestDefender()), KEYS.defender.address)
    const others = [1, 2, 3].map((salt) => signCase({ ...dispute, salt: new Uint8Array(32).fill(salt) }))
    await openAhead(session, others[0]!)
    await openAhead(session, others[1]!)
    await expect(openAhead(session, others[2]!)).rejects.toMatchObject({ code: 'DISPUTE_BUSY' })
    await openAhead(session, { ...dispute, defender: KEYS.referee.publicKey })
  })
})

describe('the validator’s dispute axon', () => {
  it('answers hotkeys with a permit, and disputes alone', async () => {
    const stranger = dial(validator, KEYS.challenger.address, KEYS.defender)
    await expect(stranger).rejects.toMatchObject({ message: expect.stringMatching(/403 NO_PERMIT/) })
    const session = await dial(validator, KEYS.challenger.address)
    const asked = session.request({ type: 'verdict-request', id: new Uint8Array(32) }, { timeoutMs: 60_000 })
    await expect(asked).rejects.toMatchObject({ refusal: { code: 'BAD_REQUEST' } })
  })
})
