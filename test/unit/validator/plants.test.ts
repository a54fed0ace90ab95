import { describe, expect, it } from 'vitest'
import { isPlanted, type Plants, plantsCommitment } from '../../../shared/proof/plants/plants.ts'
import type { AuditedFile } from '../../../validator/audit-file/audit-file.ts'
import type { FileAnswer } from '../../../validator/audit-file/checks/answers.ts'
import { plantsCheck } from '../../../validator/audit-file/checks/plants.ts'
import { type Check, checked, skipped } from '../../../validator/audit-file/report.ts'
import { makeChallenge } from '../../support/participants.ts'

const plants: Plants = { secret: new Uint8Array(32), hotkey: 'planter', rate: 0.2 }
const challenges = Array.from({ length: 40 }, (_, index) => makeChallenge(index))
const planted = challenges.filter(({ id }) => isPlanted(plants, id))
const [honest] = challenges.filter(({ id }) => !isPlanted(plants, id))

const answer = (line: number, result: string, challenge = planted[line]!, hotkey = 'planter') => {
  const record = { kind: 'answer', challenge: challenge.index, hotkey, result }
  return { placed: { line, record }, audited: { challenge } } as unknown as FileAnswer
}

function check(answers: FileAnswer[], audit: Check) {
  return plantsCheck(plants)({ answers, checks: [audit] } as Partial<AuditedFile> as AuditedFile)
}

const otherwise = (line: number) => ({
  line,
  field: 'result',
  why: 'says accept, and this audit says reject',
})
const same = checked('audit', '', [])

describe('an audit with the secret of a planter', () => {
  it('says how many were planted, and holds those against the validator that it accepted', () => {
    const answers = [
      answer(0, 'accept'),
      answer(1, 'reject'),
      answer(2, 'accept', honest),
      answer(3, 'missed'),
    ]
    const found = check(answers, checked('audit', '', [otherwise(0)]))
    expect(found).toMatchObject({ name: 'plants', status: 'failed' })
    expect(found).toMatchObject({ detail: expect.stringMatching(/^2 planted, 1 accepted, 1 rejected; by/) })
    expect(found).toMatchObject({ faults: [{ line: 0, why: 'is wrong on purpose, and was accepted' }] })
    const commitment = Buffer.from(plantsCommitment(plants)).toString('hex')
    expect(found).toMatchObject({ detail: expect.stringContaining(commitment) })
  })

  it('passes where all were found', () => {
    expect(check([answer(0, 'reject'), answer(1, 'reject')], same)).toMatchObject({ status: 'passed' })
  })

  it('blames nobody for what is right after all, or somebody else’s', () => {
    const answers = [answer(0, 'accept'), answer(1, 'accept', planted[1]!, 'another')]
    const found = check(answers, same)
    expect(found).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('1 are right after all'),
    })
  })

  it('says that it goes by the planter’s word where no model was run', () => {
    const found = check([answer(0, 'accept')], skipped('audit', 'no models'))
    expect(found).toMatchObject({ status: 'failed', detail: expect.stringContaining('planter’s word') })
  })
})
