import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutCase } from '../../../scripts/referee/cut-case.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { caseCommit } from '../../../shared/dispute/case.ts'
import { type Hearing, hearCase } from '../../../shared/dispute/hear-case.ts'
import { type DisputeRecord, formatRecord, makeRecord, parseRecord } from '../../../shared/dispute/record.ts'
import { disputeVerifier } from '../../../shared/dispute/verifier.ts'
import {
  openReferenceEvaluator,
  type ReferenceEvaluator,
} from '../../../shared/inference/reference/evaluate.ts'
import { type HeldModel, readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import { readRegistry } from '../../../shared/inference/registry/read-registry.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import { auditFile } from '../../../validator/audit-file/audit-file.ts'
import type { FileAnswer } from '../../../validator/audit-file/checks/answers.ts'
import { contradiction, disputesCheck } from '../../../validator/audit-file/checks/disputes.ts'
import { deskOf, hearDesk, KEYS, signCase } from '../../support/dispute/case.ts'
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

  describe('held against the round', () => {
    /** What an audit of the round says of the record of this hearing. */
    async function auditWith(dispute: DisputeCase, hearing: Hearing) {
      const registry = (await readRegistry('models/registry.json')).registry
      const record = parseRecord(formatRecord(makeRecord(KEYS.referee, dispute, held.reference, hearing)))
      const extra = [disputesCheck([record], { registry, evaluate: evaluator.evaluate })]
      const { checks } = await auditFile(Buffer.from(text), { extra })
      return checks.find(({ name }) => name === 'disputes')!
    }

    it('bears out the validator, or settles nothing', async () => {
      const dispute = await cut(1)
      const hearing = await settle(dispute, 1)
      const check = await auditWith(dispute, hearing)
      expect(check).toMatchObject({ status: 'passed', detail: expect.stringContaining('1 confirm') })
      const elsewhere = signCase({ ...dispute, salt: KEYS.referee.publicKey }, signerFromUri('//Miner1'))
      const other = await auditWith(elsewhere, await settle(elsewhere, 1))
      expect(other).toMatchObject({
        status: 'passed',
        detail: expect.stringContaining('1 are of other rounds'),
      })
    })

    it('contradicts a validator that accepted what the model did not choose', async () => {
      // Another temperature is another question: the file of the round would have to say so, and it does not.
      const dispute = await cut(0, { position: 0 })
      const colder = { ...dispute, sampling: { ...dispute.sampling, temperature: 0.1 } }
      const check = await auditWith(colder, await settle(colder, 0))
      expect(check).toMatchObject({ status: 'passed', detail: expect.stringContaining('1 settle nothing') })
      const { position } = await cut(1)
      const finding = { verdict: 'reject', reason: `token ${position} lies 2 below` } as const
      const placed = { record: { result: 'accept', reason: '' } } as FileAnswer['placed']
      const record = { case: { position } } as DisputeRecord
      expect(contradiction(finding, record, { placed })).toContain('says accept, and a dispute settled')
      const rejected = { record: { result: 'reject', reason: finding.reason } } as FileAnswer['placed']
      expect(contradiction(finding, record, { placed: rejected })).toBeUndefined()
      const cleared = { verdict: 'accept', reason: '' } as const
      expect(contradiction(cleared, record, { placed: rejected })).toContain(
        `the model chose token ${position}`,
      )
      const sketched = {
        record: { result: 'reject', reason: 'hidden states lie 3 times' },
      } as FileAnswer['placed']
      expect(contradiction(cleared, record, { placed: sketched })).toBeUndefined()
    })

    it('does not count where the record does not hold', async () => {
      const dispute = await cut(1)
      const { replies, ruling } = await settle(dispute, 1)
      const lenient = { ...ruling, answer: { verdict: 'accept', reason: '', margin: 0 } } as const
      const check = await auditWith(dispute, { replies, ruling: lenient })
      expect(check).toMatchObject({ status: 'failed' })
      expect(check.faults[0]!.why).toContain('a record that does not hold: error DISPUTE_RECORD')
    })
  })

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
