import { describe, expect, it, vi } from 'vitest'
import type { AnswerHasher } from '../../../shared/similarity/hash-answer.ts'
import { hashAnswers } from '../../../validator/round/hash-answers.ts'
import { makeAudited, makeChallenge, makeParticipants, testModel } from '../../support/participants.ts'

const miners = makeParticipants(4)
const [first, second] = [makeChallenge(0), makeChallenge(1)]
const silent = { warn: () => {} }

/** Hashes are the first letters of prompt and text. */
function hasherWith(hash = async (prompt: string, text: string) => Buffer.from(prompt[0]! + text[0]!)) {
  const asked = vi.fn(hash)
  const partOf = (text: string) => text.slice(0, 3)
  const model = testModel
  return { asked, hasher: { model, calibration: '', partOf, hash: asked } satisfies AnswerHasher }
}

describe('hashing a round’s answers', () => {
  it('hashes what was accepted, and reads what is equal in one challenge once', async () => {
    const { asked, hasher } = hasherWith()
    const audited = [
      makeAudited(first, miners[0]!, { text: 'one of them' }),
      makeAudited(first, miners[1]!, { text: 'one more' }),
      makeAudited(first, miners[2]!, { text: 'none', result: 'reject', reason: 'wrong' }),
      makeAudited(second, miners[3]!, { text: 'one' }),
    ]
    const hashed = await hashAnswers(audited, hasher, silent)
    const [a, b, rejected, other] = hashed
    expect(a).toEqual({ ...audited[0], simhash: Buffer.from('po') })
    expect(b!.simhash).toEqual(a!.simhash)
    expect(rejected).toEqual(audited[2])
    expect(other!.simhash).toBeDefined()
    expect(asked.mock.calls).toEqual([
      [first!.prompt, 'one of them'],
      [second!.prompt, 'one'],
    ])
  })

  it('leaves answers as they are without a reference model, or where it can’t read one', async () => {
    const audited = [makeAudited(first, miners[0]!), makeAudited(first, miners[1]!)]
    expect(await hashAnswers(audited, undefined, silent)).toEqual(audited)
    const { hasher } = hasherWith(async () => undefined as never)
    expect(await hashAnswers(audited, hasher, silent)).toEqual(audited)
  })

  it('goes on without hashes where the engine fails, and says so once', async () => {
    const audited = [makeAudited(first, miners[0]!), makeAudited(first, miners[1]!, { text: 'other' })]
    const warn = vi.fn()
    const { hasher } = hasherWith(() => Promise.reject(new Error('it died')))
    expect(await hashAnswers(audited, hasher, { warn })).toEqual(audited)
    expect(warn.mock.calls).toEqual([
      [{ error: expect.stringContaining('it died') }, 'answers could not be hashed'],
    ])
  })
})
