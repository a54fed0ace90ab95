import { describe, expect, it } from 'vitest'
import { answerLeaves, answerRoot } from '../../../shared/proof/answer-root.ts'
import { challengeId, personalSeed } from '../../../shared/proof/challenge-id.ts'
import { type CommitOpening, commitDigest } from '../../../shared/proof/commit.ts'
import { fromHex, toHex, u32 } from '../../../shared/proof/hash.ts'
import { merklePath, verifyMerklePath } from '../../../shared/proof/merkle.ts'
import {
  type Given,
  questionHash,
  type VerdictOpening,
  verdictDigest,
  verdictLeaves,
} from '../../../shared/proof/verdict.ts'

const fill = (byte: number) => new Uint8Array(32).fill(byte)

const opening: CommitOpening = {
  challenge: fill(1),
  validator: fill(2),
  miner: fill(3),
  model: fill(4),
  executionClass: 'cpu-fp32/test',
  count: 5,
  finish: 'stop',
  root: fill(6),
  salt: fill(7),
}

describe('commit', () => {
  it('binds every field', () => {
    const digest = toHex(commitDigest(opening))
    const changes: Partial<CommitOpening>[] = [
      { challenge: fill(9) },
      { validator: fill(9) },
      { miner: fill(9) },
      { model: fill(9) },
      { executionClass: 'cpu-fp32/other' },
      { count: 6 },
      { finish: 'length' },
      { root: fill(9) },
      { salt: fill(9) },
    ]
    const digests = changes.map((change) => toHex(commitDigest({ ...opening, ...change })))
    expect(new Set([digest, ...digests]).size).toBe(changes.length + 1)
  })

  it.each([2 ** 32, -1, 0.5])('takes no token that 32 bits cannot hold: %s', (token) => {
    expect(() => answerRoot([1, token])).toThrow(RangeError)
  })

  it('puts four positions in a leaf and gives an empty answer a root', () => {
    expect(answerLeaves([1, 2, 3, 4, 5])).toHaveLength(2)
    expect(answerLeaves([])).toEqual([u32(0)])
    expect(answerRoot([])).toHaveLength(32)
  })

  it('gives another root for a changed, cut or padded answer', () => {
    const root = toHex(answerRoot([1, 2, 3, 4, 5]))
    expect(toHex(answerRoot([1, 2, 3, 4, 6]))).not.toBe(root)
    expect(toHex(answerRoot([1, 2, 3, 4]))).not.toBe(root)
    expect(toHex(answerRoot([1, 2, 3, 4, 5, 0]))).not.toBe(root)
  })
})

describe('challenge id and seed', () => {
  const place = {
    chainMarker: toHex(fill(1)),
    netuid: 1,
    validator: fill(2),
    blockHash: toHex(fill(3)),
    index: 0,
  }

  it('differs by place, and the seed by hotkey', () => {
    const ids = [
      place,
      { ...place, index: 1 },
      { ...place, netuid: 2 },
      { ...place, validator: fill(9) },
    ].map((p) => toHex(challengeId(p)))
    expect(new Set(ids).size).toBe(4)
    expect(personalSeed(fill(1), fill(2))).not.toEqual(personalSeed(fill(1), fill(3)))
  })

  it('refuses hex that is not hex', () => {
    expect(() => fromHex('0xzz')).toThrow(RangeError)
    expect(() => fromHex('abcd')).toThrow(RangeError)
    expect(() => u32(-1)).toThrow(RangeError)
    expect(() => u32(2 ** 32)).toThrow(RangeError)
  })
})

describe('verdict', () => {
  const scored = (scores: number[]): Given => ({ method: 'likelihood', scores })
  const written = (verdicts: number[][]): Given => ({ method: 'prompted', verdicts })
  const verdict: VerdictOpening = {
    challenge: fill(1),
    validator: fill(2),
    judge: fill(3),
    model: fill(5),
    executionClass: 'c',
    question: fill(6),
    given: scored([-1.5, -0.25]),
    salt: fill(4),
  }

  it('binds scores or tokens, their order, the judge with its model, and what it was asked', () => {
    const digests = [
      verdict,
      { ...verdict, given: scored([-0.25, -1.5]) },
      { ...verdict, given: scored([-1.5]) },
      { ...verdict, given: written([[1, 2], []]) },
      { ...verdict, given: written([[1], [2]]) },
      { ...verdict, given: written([[1], [2], []]) },
      ...(['challenge', 'validator', 'judge', 'model', 'question', 'salt'] as const).map((key) => {
        return { ...verdict, [key]: fill(9) }
      }),
      { ...verdict, executionClass: 'd' },
    ].map((v) => toHex(verdictDigest(v)))
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('can be shown one at a time', () => {
    const opening = { ...verdict, given: written([[1, 2], [], [3]]) }
    const leaves = verdictLeaves(opening)
    expect(leaves).toHaveLength(4)
    const path = merklePath(leaves, 3)
    expect(verifyMerklePath(verdictDigest(opening), leaves[3]!, 3, 4, path)).toBe(true)
    const other = verdictLeaves({ ...opening, given: written([[1, 2], [], [4]]) })
    expect(verifyMerklePath(verdictDigest(opening), other[3]!, 3, 4, path)).toBe(false)
  })

  it('is on one question', () => {
    const question = {
      prompt: 'p',
      answers: ['a', 'b'],
      method: 'prompted',
      temperature: 0.3,
      maxTokens: 9,
    } as const
    const hashes = [
      question,
      { ...question, prompt: 'q' },
      { ...question, answers: ['b', 'a'] },
      { ...question, answers: ['a', 'b', 'b'] },
      { ...question, method: 'likelihood' as const },
      { ...question, temperature: 0.4 },
      { ...question, maxTokens: 8 },
    ].map((q) => toHex(questionHash(q)))
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})
