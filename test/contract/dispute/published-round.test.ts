import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutCase } from '../../../scripts/referee/cut-case.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { caseCommit } from '../../../shared/dispute/case.ts'
import { hearCase } from '../../../shared/dispute/hear-case.ts'
import { disputeVerifier } from '../../../shared/dispute/verifier.ts'
import {
  openReferenceEvaluator,
  type ReferenceEvaluator,
} from '../../../shared/inference/reference/evaluate.ts'
import { type HeldModel, readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import { deskOf, hearDesk } from '../../support/dispute/case.ts'
import { type RoundWorld, roundWorld, VALIDATOR } from '../../support/round-world.ts'

let world: RoundWorld
let text: string
let held: HeldModel
let evaluator: ReferenceEvaluator

beforeAll(async () => {
  world = await roundWorld(['honest', 'edits'])
  text = (await world.play()).text
  held = await readReferenceModel('models/nano')
  evaluator = await openReferenceEvaluator()
})
afterAll(async () => {
  await world.close()
  await evaluator.close()
})

const cut = (miner: number, change = {}) => {
  const { hotkey } = world.miners[miner]!
  return cutCase(Buffer.from(text), { challenge: answeredBy(hotkey), miner: hotkey, ...change })
}

/** A challenge that a miner answered. */
function answeredBy(hotkey: string): number {
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return records.find((one) => one.kind === 'answer' && one.hotkey === hotkey && one.reveal).challenge
}

/** Both sides run honestly, whatever they say of the answer. */
function settle(dispute: DisputeCase, miner: number) {
  const side = (name: 'challenger' | 'defender', signer: ReturnType<typeof signerFromUri>) =>
    hearDesk(deskOf(name, held, evaluator.evaluate, { signer }), dispute)
  const sides = {
    challenger: side('challenger', VALIDATOR),
    defender: side('defender', signerFromUri(`//Miner${miner}`)),
  }
  return hearCase(dispute, held.reference, sides, evaluator.evaluate)
}

describe('a dispute about an answer of a published round', () => {
  it('confirms a rejection by the audit', async () => {
    const dispute = await cut(1)
    const { ruling } = await settle(dispute, 1)
    expect(ruling).toMatchObject({ losers: [], answer: { verdict: 'reject' }, unproven: [] })
    expect(ruling.answer!.reason).toContain(`token ${dispute.position} lies `)
    expect(verdictOn(dispute, ruling).verdict).toBe('reject')
  })

  it('confirms an answer that the audit accepted', async () => {
    const dispute = await cut(0, { position: 0 })
    const { ruling } = await settle(dispute, 0)
    expect(ruling).toMatchObject({ losers: [], answer: { verdict: 'accept' } })
    expect(verdictOn(dispute, ruling).verdict).toBe('accept')
    const elsewhere = { ...dispute, prompt: 'another' }
    expect(verdictOn(elsewhere, ruling, dispute).verdict).toBe('inconclusive')
    const onTrust = { ...ruling, unproven: ['defender'] as const }
    expect(verdictOn(dispute, onTrust).verdict).toBe('inconclusive')
  })

  /** What the verifier says of the claim that the case is about. */
  function verdictOn(
    dispute: DisputeCase,
    ruling: Awaited<ReturnType<typeof settle>>['ruling'],
    about = dispute,
  ) {
    const verifier = disputeVerifier([{ case: dispute, ruling }])
    const claim = {
      challenge: { id: about.challenge, prompt: about.prompt },
      sampling: about.sampling,
      maxTokens: about.sampling.maxTokens,
      digest: caseCommit(about),
    } as unknown as Claim
    expect(verifier.applies(claim)).toBe(true)
    expect(verifier.applies({ ...claim, digest: new Uint8Array(32) })).toBe(false)
    return verifier.decide(claim, undefined) as { verdict: string }
  }

  it.each<[string, string, object]>([
    ['no such challenge', 'DISPUTE_CHOICE', { challenge: 99 }],
    ['no such miner', 'DISPUTE_CHOICE', { miner: VALIDATOR.address }],
    ['no token to dispute', 'DISPUTE_CHOICE', {}],
    ['no challenger', 'DISPUTE_CHOICE', { position: 0, challenger: 'x' }],
  ])('is not cut where there is %s', async (_what, code, change) => {
    await expect(cut(0, change)).rejects.toMatchObject({ code })
  })

  it('is not cut from a round that is not what was sealed', async () => {
    const at = text.indexOf('"prompt":"') + 12
    const other = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`
    const choice = { challenge: 0, miner: world.miners[1]!.hotkey }
    await expect(cutCase(Buffer.from(other), choice)).rejects.toMatchObject({ code: 'DISPUTE_ROUND' })
  })
})
