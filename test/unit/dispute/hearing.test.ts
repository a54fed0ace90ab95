import { beforeAll, describe, expect, it } from 'vitest'
import { type Hear, type Hearing, hearCase } from '../../../shared/dispute/hear-case.ts'
import { SIDES, type Side } from '../../../shared/dispute/referee.ts'
import { replyMessage, type SignedReply } from '../../../shared/dispute/signed-reply.ts'
import { type HeldModel, readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import { weightsTree } from '../../../shared/inference/reference/weight-tiles.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { encodeDisputeReply } from '../../../shared/protocol/dispute-codec.ts'
import type { DisputeCase, DisputeRequest } from '../../../shared/protocol/dispute-messages.ts'
import { cheatedCase, deskOf, flippedWeight, hearDesk, honestCase, KEYS } from '../../support/dispute/case.ts'
import { plainEvaluate } from '../../support/dispute/plain-evaluator.ts'
import { tinyModelFolder } from '../inference/tiny-model.ts'

const LAYOUT = { positionsPerChunk: 8, columnsPerTile: 48 }
let held: HeldModel
let honest: DisputeCase
let cheated: DisputeCase

beforeAll(async () => {
  held = await readReferenceModel(await tinyModelFolder(), LAYOUT)
  honest = await honestCase(held, plainEvaluate)
  cheated = cheatedCase(honest)
})

const over = (dispute: DisputeCase, side: Side, own = held, signer = KEYS[side]) =>
  hearDesk(deskOf(side, own, plainEvaluate, { signer }), dispute)

/** Hears the case with honest sides, but for those given. */
function hear(dispute: DisputeCase, sides: Partial<Record<Side, Hear>> = {}): Promise<Hearing> {
  const both = { challenger: over(dispute, 'challenger'), defender: over(dispute, 'defender'), ...sides }
  return hearCase(dispute, held.reference, both, plainEvaluate)
}

/** A side whose replies go through a trick. */
function tricked(side: Side, trick: (reply: SignedReply, request: DisputeRequest) => SignedReply): Hear {
  const ask = over(honest, side)
  return async (request) => trick(await ask(request), request)
}

describe('a case', () => {
  it('in which both sides run the same ends with the verdict on the answer', async () => {
    const good = await hear(honest)
    expect(good.ruling).toEqual({
      losers: [],
      reason: '',
      answer: { verdict: 'accept', reason: '', margin: 0 },
      unproven: [],
    })
    const bad = await hear(cheated)
    expect(bad.ruling).toMatchObject({ losers: [], answer: { verdict: 'reject' }, unproven: [] })
    expect(bad.ruling.answer!.reason).toMatch(/^token 3 lies \d/)
  })

  it('condemns the miner that runs other weights to save a false answer', async () => {
    const { ruling } = await hear(cheated, { defender: over(cheated, 'defender', flippedWeight(held)) })
    expect(ruling).toMatchObject({ losers: ['defender'], answer: { verdict: 'reject' }, unproven: [] })
    expect(ruling.reason).toContain('comes out at chunk0/block2/fed/tile0')
  })

  it('condemns the validator that runs other weights to sink a true answer', async () => {
    const { ruling } = await hear(honest, { challenger: over(honest, 'challenger', flippedWeight(held)) })
    expect(ruling).toMatchObject({ losers: ['challenger'], answer: { verdict: 'accept' }, unproven: [] })
  })

  it('condemns the challenger that opens its own false weights', async () => {
    const flipped = flippedWeight(held)
    const tree = weightsTree(held.reference.architecture, LAYOUT, flipped.weights)
    const { ruling } = await hear(honest, { challenger: over(honest, 'challenger', { ...flipped, tree }) })
    expect(ruling).toMatchObject({ losers: ['challenger'], unproven: [] })
    expect(ruling.reason).toContain('opened weights of layer1.down that are not the model')
  })

  it('leaves the answer open where nobody is left to judge it by', async () => {
    const gone: Hear = async () => Promise.reject(new StarlingError('CLOSED', 'hung up'))
    const { ruling } = await hear(honest, { challenger: gone, defender: gone })
    expect(ruling).toMatchObject({ losers: [...SIDES], answer: undefined, unproven: [...SIDES] })
    expect(ruling.reason).toBe('the challenger fell silent (hung up); the defender fell silent (hung up)')
  })
})

describe.each(SIDES)('the %s', (side) => {
  it('loses by its word where it signs what nobody can read', async () => {
    const noise: Hear = async (request) => {
      const body = new Uint8Array([0xc1, 1, 2])
      return { body, signature: KEYS[side].sign(replyMessage(request, body)) }
    }
    const { ruling } = await hear(honest, { [side]: noise })
    expect(ruling).toMatchObject({ losers: [side], unproven: [] })
    expect(ruling.reason).toBe(`the ${side} sent something that is not the reply`)
  })

  it('loses by the referee’s word where another key signs', async () => {
    const { ruling } = await hear(honest, { [side]: over(honest, side, held, KEYS.referee) })
    // The desk itself says that the case is not its own.
    expect(ruling).toMatchObject({ losers: [side], unproven: [side] })
    const other = tricked(side, (reply) => ({ ...reply, signature: KEYS.referee.sign(reply.body) }))
    expect((await hear(honest, { [side]: other })).ruling).toMatchObject({
      reason: `the ${side} did not sign its reply with its hotkey`,
      unproven: [side],
      answer: { verdict: 'accept' },
    })
  })

  it('can’t be held to what it signed for another move, or to what was changed after signing', async () => {
    let first: SignedReply | undefined
    // Its run differs, so that there is more than one move.
    const lying = over(honest, side, flippedWeight(held))
    const repeats: Hear = async (request) => {
      first ??= await lying(request)
      return first
    }
    const forged: Hear = async (request) => {
      const { signature } = await lying(request)
      const root = new Uint8Array(32).fill(1)
      const { dispute } = request
      return { body: encodeDisputeReply({ type: 'trace', dispute, root }), signature }
    }
    for (const trick of [repeats, forged]) {
      const { ruling } = await hear(honest, { [side]: trick })
      expect(ruling).toMatchObject({ losers: [side], unproven: [side] })
      expect(ruling.reason).toContain('did not sign')
    }
  })
})

describe('a loser’s reason', () => {
  it('names what a connection says', async () => {
    const late: Hear = async () => Promise.reject(new StarlingError('TIMEOUT', 'no answer within 30000 ms'))
    const { ruling } = await hear(honest, { defender: late })
    expect(ruling.reason).toBe('the defender fell silent (no answer within 30000 ms)')
    expect(ruling).toMatchObject({ losers: ['defender'], answer: { verdict: 'accept' } })
  })

  it('names a side that runs well and then opens other logits', async () => {
    const silent = tricked('challenger', (reply, request) => {
      if (request.type === 'logits-request') throw new StarlingError('CLOSED', 'hung up')
      return reply
    })
    const { ruling } = await hear(honest, { challenger: silent })
    // The defender ran the same, so its opening is as good.
    expect(ruling).toMatchObject({ losers: ['challenger'], answer: { verdict: 'accept' } })
  })
})
