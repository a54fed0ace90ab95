import { describe, expect, it } from 'vitest'
import type { ReplayRequest } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { answerRoot } from '../../../shared/proof/answer-root.ts'
import { commitDigest } from '../../../shared/proof/commit.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import type { Finding, ReadingNeeds, Verifier } from '../../../shared/verify/verifier.ts'
import { verifyClaim } from '../../../shared/verify/verify-claim.ts'
import { testModel } from '../../support/participants.ts'

const [id, validator, miner, salt] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte))
const tokens = [...bytesCodec.encodePrompt('hi').slice(0, 3), testModel.eosToken]
const reveal = {
  type: 'reveal' as const,
  ...{ id: id!, tokens, text: bytesCodec.decode(tokens), salt: salt!, finish: 'stop' as const },
  openings: [],
  ...{ executionClass: testModel.executionClass, model: fromHex(testModel.hash) },
}
const claim: Claim = {
  ...{ challenge: { id: id!, prompt: 'hi' }, validator: validator!, miner: miner!, model: testModel, reveal },
  ...{ sampling: { temperature: 1, topK: 0, topP: 1 }, maxTokens: 40, beacon: new Uint8Array(32) },
  digest: commitDigest({
    ...{ challenge: id!, validator: validator!, miner: miner!, model: fromHex(testModel.hash) },
    ...{ executionClass: testModel.executionClass, count: tokens.length, finish: 'stop' },
    ...{ root: answerRoot(tokens), salt: salt! },
  }),
}

/** A verifier that finds what it is told to, and needs a reading unless told otherwise. */
const verifier = (level: Verifier['level'], finding: Finding, change: Partial<Verifier> = {}): Verifier => ({
  ...{ name: `level ${level}`, level, applies: () => true, needs: () => ({}), decide: () => finding },
  ...change,
})
const accept: Finding = { verdict: 'accept', reason: '' }
const unsure: Finding = { verdict: 'inconclusive', reason: 'unsure' }
const wrong: Finding = { verdict: 'reject', reason: 'wrong' }

async function verify(...verifiers: Verifier[]) {
  const asked: ReplayRequest[] = []
  const replay = async (request: ReplayRequest) => {
    asked.push(request)
    return { margins: Float64Array.of(0), logProbs: Float64Array.of(0), surprise: 12 }
  }
  return { asked, ...(await verifyClaim(claim, { model: testModel, text: bytesCodec, replay }, verifiers)) }
}

describe('verifyClaim', () => {
  it('reads once for all, and takes what each of them needs', async () => {
    const matrix = { matrix: new Float32Array(8), positions: [2] }
    const needs = (wish: ReadingNeeds) => ({ needs: () => wish })
    const { asked, ...verdict } = await verify(
      verifier(3, accept, needs({ projectionAt: matrix })),
      verifier(2, accept, needs({ tolerance: 0.5 })),
      verifier(1, accept, { needs: () => undefined }),
    )
    expect(asked).toMatchObject([{ tolerance: 0.5, projectionAt: matrix, tokens }])
    expect(verdict).toMatchObject({ verdict: 'accept', reason: '', level: 3, surprise: 12 })
    expect(verdict.findings.map((finding) => finding.verifier)).toEqual(['level 1', 'level 2', 'level 3'])
  })

  it('does not run the model for evidence that stands by itself', async () => {
    const seen: unknown[] = []
    const quote = verifier(4, accept, {
      needs: () => undefined,
      decide: async (_claim, reading) => {
        seen.push(reading)
        return accept
      },
    })
    expect(await verify(quote)).toMatchObject({ asked: [], verdict: 'accept', level: 4, surprise: 0 })
    expect(seen).toEqual([undefined])
  })

  it.each([
    ['a reject of any', [accept, wrong, accept], { verdict: 'reject', reason: 'wrong', level: 0 }],
    ['a reject behind a doubt', [unsure, wrong], { verdict: 'reject', level: 0 }],
    ['a doubt at the bottom', [unsure, accept], { verdict: 'inconclusive', reason: 'unsure', level: 0 }],
    ['a doubt above', [accept, unsure, accept], { verdict: 'accept', reason: '', level: 2 }],
    ['nobody', [], { verdict: 'inconclusive', reason: 'nothing to judge it by', level: 0 }],
  ])('follows %s', async (_name, findings, expected) => {
    const levels = [2, 3, 4] as const
    expect(await verify(...findings.map((finding, i) => verifier(levels[i]!, finding)))).toMatchObject(
      expected,
    )
  })

  it('says of several rejects the one of the lowest level, and keeps no evidence of a reject', async () => {
    const evidence = { statistic: 'margin', pair: 'a>b', total: 0, rise: 0, end: 0, peak: 0 } as const
    const found = await verify(
      verifier(4, { ...wrong, reason: 'high' }),
      verifier(3, { ...wrong, reason: 'low' }),
      verifier(2, { ...accept, evidence }),
    )
    expect(found).toMatchObject({ reason: 'low', evidence: [] })
    const kept = await verify(verifier(2, { ...accept, evidence }), verifier(3, unsure))
    expect(kept.evidence).toEqual([evidence])
  })

  it('leaves out verifiers that do not apply', async () => {
    expect(await verify(verifier(2, accept), verifier(3, wrong, { applies: () => false }))).toMatchObject({
      verdict: 'accept',
      level: 2,
      findings: [{ verifier: 'level 2' }],
    })
  })

  it.each([
    ['an answer that ends where the context does', 0, 'accept'],
    ['one that ends before', 1, 'reject'],
  ])('takes “length” from %s: %s token short', async (_name, short, expected) => {
    const cut = [104, 105, 33]
    const contextLength = bytesCodec.encodePrompt('hi').length + cut.length + short
    const digest = commitDigest({
      ...{ challenge: id!, validator: validator!, miner: miner!, model: fromHex(testModel.hash) },
      ...{ executionClass: testModel.executionClass, count: cut.length, finish: 'length' },
      ...{ root: answerRoot(cut), salt: salt! },
    })
    const answer = { ...reveal, tokens: cut, text: bytesCodec.decode(cut), finish: 'length' as const }
    const replay = async () => ({ margins: Float64Array.of(0), logProbs: Float64Array.of(0), surprise: 12 })
    const reader = { model: { ...testModel, contextLength }, text: bytesCodec, replay }
    const found = await verifyClaim({ ...claim, digest, reveal: answer }, reader, [verifier(2, accept)])
    expect(found.verdict).toBe(expected)
  })

  it('refuses to read two projections at once', async () => {
    const needs = () => ({ projectionAt: { matrix: new Float32Array(8), positions: [0] } })
    await expect(verify(verifier(2, accept, { needs }), verifier(3, accept, { needs }))).rejects.toThrow(
      RangeError,
    )
  })
})
