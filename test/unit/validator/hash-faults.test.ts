import { describe, expect, it } from 'vitest'
import type { AnswerHasher } from '../../../shared/similarity/hash-answer.ts'
import type { FileAnswer } from '../../../validator/audit-file/checks/answers.ts'
import { hashFaults, hashFaultsByModel } from '../../../validator/audit-file/checks/similarity.ts'
import type { RoundFile } from '../../../validator/audit-file/read-round.ts'
import type { AuditedAnswer } from '../../../validator/round/types.ts'
import { makeAudited, makeChallenge, makeParticipants, testModel } from '../../support/participants.ts'

const miners = makeParticipants(3)
const challenges = [makeChallenge(0), makeChallenge(1)]
const fileWith = (similarity: string | null) =>
  ({ model: [{ record: { similarity } }] }) as unknown as RoundFile
const file = fileWith('ab')

/** A hash with so many bits set. */
const hashOf = (bits: number) => Uint8Array.from({ length: 128 }, (_, i) => (i < bits ? 1 : 0))

function answers(...changes: (Partial<AuditedAnswer> & { readonly on?: number })[]): FileAnswer[] {
  return changes.map(({ on = 0, ...change }, i) => {
    const audited = makeAudited(challenges[on]!, miners[i]!, change)
    const record = { kind: 'answer', challenge: on, hotkey: miners[i]!.hotkey }
    return { placed: { line: i + 1, record }, audited } as unknown as FileAnswer
  })
}

const hasher: AnswerHasher = {
  ...{ model: testModel, calibration: 'ab', partOf: (text: string) => text },
  hash: async (_prompt, text) => (text === '' ? undefined : hashOf(text.length)),
}
const lines = (faults: readonly { readonly line?: number }[]) => faults.map(({ line }) => line)

describe('hashes in a file', () => {
  it('are equal where the compared lines of one challenge are', () => {
    const one = { text: 'A fox.\nanswer: 1', simhash: hashOf(1) }
    const alike = { text: 'A hen.\nanswer: 1', simhash: hashOf(1) }
    expect(hashFaults(file, answers(one, alike, { text: 'answer: 2', simhash: hashOf(9) }))).toEqual([])
    expect(lines(hashFaults(file, answers(one, { ...alike, simhash: hashOf(2) })))).toEqual([2])
    expect(lines(hashFaults(file, answers(one, { text: alike.text })))).toEqual([2])
    expect(hashFaults(file, answers(one, { ...alike, simhash: hashOf(2), on: 1 }))).toEqual([])
  })

  it('are there for what was accepted alone, and where the file says by whom', () => {
    const rejected = answers({ text: 'answer: 1', simhash: hashOf(1), result: 'reject' })
    expect(lines(hashFaults(file, rejected))).toEqual([1])
    expect(hashFaults(file, answers({ text: 'answer: 1', result: 'reject' }, { text: 'answer: 1' }))).toEqual(
      [],
    )
    expect(lines(hashFaults(fileWith(null), answers({ text: 'answer: 1', simhash: hashOf(1) })))).toEqual([1])
    expect(hashFaults(fileWith(null), answers({ text: 'answer: 1' }))).toEqual([])
  })

  it('are the model’s, but for some bits', async () => {
    const near = answers({ text: '123', simhash: hashOf(11) }, { text: '12345', simhash: hashOf(5) })
    expect(await hashFaultsByModel(near, hasher)).toEqual([])
    const far = answers({ text: '123', simhash: hashOf(12) }, { text: '12345', simhash: hashOf(5) })
    expect(lines(await hashFaultsByModel(far, hasher))).toEqual([1])
  })

  it('are missing everywhere, or where the model makes none', async () => {
    expect(await hashFaultsByModel(answers({ text: '123' }, { text: '1' }), hasher)).toEqual([])
    const some = answers({ text: '123' }, { text: '1', simhash: hashOf(1) }, { text: '', simhash: hashOf(1) })
    expect(lines(await hashFaultsByModel(some, hasher))).toEqual([1, 3])
    const none = answers({ text: '' }, { text: '1', simhash: hashOf(1) })
    expect(await hashFaultsByModel(none, hasher)).toEqual([])
  })
})
