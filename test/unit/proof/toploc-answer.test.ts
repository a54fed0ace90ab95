import { describe, expect, it } from 'vitest'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { REFERENCE_THRESHOLDS } from '../../../shared/proof/toploc/chunk.ts'
import { answerRowsOf, checkAnswer, proveAnswer } from '../../../shared/proof/toploc/hidden-chunks.ts'

const WIDTH = 16
const PROMPT = 10
const TOKENS = 70

const random = seededRandom(9)
// One prefill over prompt and answer; the last token's row says nothing of the answer.
const hidden = Float32Array.from({ length: (PROMPT + TOKENS) * WIDTH }, () => gaussian(random))
const rows = answerRowsOf(hidden, WIDTH, PROMPT, TOKENS)
const { prompt: _, ...answerOnly } = rows

const thresholds = { prompt: REFERENCE_THRESHOLDS, answer: REFERENCE_THRESHOLDS }
const check = (proofs: readonly Uint8Array[], own = rows) => checkAnswer(proofs, own, thresholds)

/** The same rows with one value replaced, counted from the first row of the prompt. */
function changed(row: number, value: (old: number) => number, count = WIDTH) {
  const copy = hidden.slice()
  for (let i = row * WIDTH; i < row * WIDTH + count; i++) copy[i] = value(copy[i]!)
  return answerRowsOf(copy, WIDTH, PROMPT, TOKENS)
}

describe('proofs of an answer', () => {
  it('cover the prompt, then 32 rows of decoding each, from the row after the prompt on', () => {
    const proofs = proveAnswer(rows)
    expect(proofs).toHaveLength(1 + 3)
    // 69 rows after the prompt's last: 32, 32 and 5, which have 80 values.
    expect(proofs.map((proof) => proof.length)).toEqual([258, 258, 258, 162])
    const decode = { width: WIDTH, answer: hidden.subarray(PROMPT * WIDTH, (PROMPT + 32) * WIDTH) }
    expect(proveAnswer(decode)[0]).toEqual(proofs[1])
  })

  it('begin at the row that sampled the first token where there are no rows of the prompt', () => {
    const proofs = proveAnswer(answerOnly)
    expect(proofs.map((proof) => proof.length)).toEqual([258, 258, 194])
    const first = { width: WIDTH, answer: hidden.subarray((PROMPT - 1) * WIDTH, (PROMPT + 31) * WIDTH) }
    expect(proveAnswer(first)).toEqual([proofs[0]])
  })

  it.each([rows, answerOnly])('pass on the rows that they were made of', (own) => {
    const found = checkAnswer(proveAnswer(own), own, thresholds)
    expect(found).toMatchObject({ verdict: 'accept', reason: '' })
    expect(found.chunks.every((chunk) => chunk.exponentMismatches === 0 && chunk.mantissaMean === 0)).toBe(
      true,
    )
  })

  it('of other rows are a rejection that names the first chunk that differs', () => {
    const proofs = proveAnswer(rows)
    const others = seededRandom(10)
    const last = changed(PROMPT + 64, () => gaussian(others), 5 * WIDTH)
    const found = check(proofs, last)
    expect(found).toMatchObject({
      verdict: 'reject',
      reason: expect.stringMatching(/^chunk 3: .* of 80 exp/),
    })
    expect(found.chunks).toHaveLength(4)
    const all = answerRowsOf(
      hidden.map(() => gaussian(others)),
      WIDTH,
      PROMPT,
      TOKENS,
    )
    expect(check(proofs, all).reason).toMatch(/^chunk 0: .* of 128 exp/)
  })

  it('are judged by the thresholds of their phase', () => {
    const strict = { exponentMismatches: 0, mantissaMean: 0, mantissaMedian: 0 }
    const scale = (value: number) => value * 1.1
    const verdict = (row: number, prompt = strict, answer = strict) =>
      checkAnswer(proveAnswer(rows), changed(row, scale), { prompt, answer }).reason
    expect(verdict(0)).toMatch(/^chunk 0/)
    expect(verdict(0, REFERENCE_THRESHOLDS)).toBe('')
    expect(verdict(PROMPT + 3)).toMatch(/^chunk 1/)
    expect(verdict(PROMPT + 3, strict, REFERENCE_THRESHOLDS)).toBe('')
  })

  it('are a rejection when one is missing, too many, swapped or malformed', () => {
    const proofs = proveAnswer(rows)
    expect(check(proofs.slice(1)).reason).toBe('3 proofs for 4 chunks of hidden states')
    expect(check([...proofs, proofs[0]!]).verdict).toBe('reject')
    expect(check([proofs[1]!, proofs[0]!, proofs[2]!, proofs[3]!]).verdict).toBe('reject')
    expect(check([proofs[0]!, new Uint8Array(258), proofs[2]!, proofs[3]!])).toMatchObject({
      verdict: 'reject',
      reason: expect.stringMatching(/^chunk 1: proof has modulus 0/),
      chunks: [],
    })
  })

  it("say nothing when the verifier's own rows are not finite, but a malformed one stays a rejection", () => {
    const broken = changed(PROMPT + 40, () => Number.NaN, 1)
    const proofs = proveAnswer(rows)
    const found = check(proofs, broken)
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/^chunk 2/) })
    expect(check([...proofs.slice(0, 3), new Uint8Array(162)], broken).verdict).toBe('reject')
  })

  it('of nothing are inconclusive', () => {
    const none = { width: WIDTH, answer: new Float32Array(0) }
    expect(checkAnswer([], none, thresholds).verdict).toBe('inconclusive')
  })
})
