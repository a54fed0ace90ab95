import { describe, expect, it } from 'vitest'
import type { Answer, Answerer } from '../../../miner/answerer.ts'
import { commitAnswer, type GenerationParts, revealAnswer } from '../../../miner/generation.ts'
import { createPending } from '../../../miner/pending.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import type { Clock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { answerRoot, committedRoot, leafCount } from '../../../shared/proof/answer-root.ts'
import { commitDigest, commitMessage } from '../../../shared/proof/commit.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { openedLeaves, openedRoot, openingFault } from '../../../shared/proof/sketch/opening.ts'
import type { Challenge, Reveal, RevealRequest } from '../../../shared/protocol/messages.ts'
import { testModel } from '../../support/participants.ts'

const validator = signerFromUri('//Alice')
const signer = signerFromUri('//Bob')
const signal = new AbortController().signal

const challenge: Challenge = {
  type: 'challenge',
  id: new Uint8Array(32).fill(1),
  round: 3,
  prompt: 'what now',
  model: fromHex(testModel.hash),
  sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 8 },
  deadlineMs: 60_000,
}
const request: RevealRequest = { type: 'reveal-request', id: challenge.id, beacon: new Uint8Array(32) }
const answer: Answer = { tokens: [104, 105, 257], text: 'hi', finish: 'stop' }

function makeParts(answerer: Answerer = () => Promise.resolve(answer), capacity = 8) {
  let time = 0
  const clock: Clock = { now: () => time, monotonic: () => time }
  const parts: GenerationParts = {
    answerer,
    model: testModel,
    signer,
    pending: createPending(capacity, 1_000, clock),
    randomBytes: (count) => new Uint8Array(count).fill(7),
  }
  return { parts, pass: (ms: number) => (time += ms) }
}

/** What was committed to, opened by what was revealed. */
function openedDigest(reveal: Reveal, root: Uint8Array): Uint8Array {
  return commitDigest({
    challenge: challenge.id,
    validator: validator.publicKey,
    miner: signer.publicKey,
    model: reveal.model,
    executionClass: reveal.executionClass,
    count: reveal.tokens.length,
    finish: reveal.finish,
    root,
    salt: reveal.salt,
  })
}

const refusal = (code: string) => expect.objectContaining({ code })

describe('commitAnswer', () => {
  it('commits to what it later reveals, signed for this validator', async () => {
    const { parts } = makeParts()
    const commit = await commitAnswer(parts, validator.address, challenge, signal)
    const reveal = await revealAnswer(parts, validator.address, request)
    expect(reveal).toMatchObject({ tokens: [104, 105, 257], text: 'hi', finish: 'stop' })
    const digest = openedDigest(reveal, answerRoot(reveal.tokens))
    expect(commit.digest).toEqual(digest)
    expect(reveal.openings).toEqual([])
    expect(verifySignature(commitMessage(challenge.id, digest), commit.signature, signer.address)).toBe(true)
  })

  it('commits to sketches with the tokens, and opens the leaves that the beacon asks for', async () => {
    const tokens = Array.from({ length: 30 }, (_, i) => i)
    const sketches = Float32Array.from({ length: 30 * 8 }, (_, i) => Math.sin(i))
    const { parts } = makeParts(() => Promise.resolve({ ...answer, tokens, sketches }))
    const commit = await commitAnswer(parts, validator.address, challenge, signal)
    const seen = new Set<string>()
    for (let fill = 0; fill < 6; fill++) {
      const beacon = new Uint8Array(32).fill(fill)
      const reveal = await revealAnswer(parts, validator.address, { ...request, beacon })
      const { openings } = reveal
      const root = openedRoot(tokens, openings[0]!)!
      expect(commit.digest).toEqual(openedDigest(reveal, committedRoot(tokens, root)))
      const asked = openedLeaves(beacon, commit.digest, leafCount(30))
      expect(openingFault({ tokens, root }, asked, openings)).toBeUndefined()
      seen.add(asked.join())
    }
    expect(seen.size).toBeGreaterThan(2)
  })

  it('generates once for a repeated challenge', async () => {
    let calls = 0
    const { parts } = makeParts(() => {
      calls++
      return Promise.resolve(answer)
    })
    const [first, second] = await Promise.all([
      commitAnswer(parts, validator.address, challenge, signal),
      commitAnswer(parts, validator.address, challenge, signal),
    ])
    expect(second).toEqual(first)
    expect(calls).toBe(1)
  })

  it('refuses another prompt under the same id, and another model', async () => {
    const { parts } = makeParts()
    await commitAnswer(parts, validator.address, challenge, signal)
    await expect(
      commitAnswer(parts, validator.address, { ...challenge, prompt: 'else' }, signal),
    ).rejects.toEqual(refusal('BAD_REQUEST'))
    const model = new Uint8Array(32)
    await expect(commitAnswer(parts, validator.address, { ...challenge, model }, signal)).rejects.toEqual(
      refusal('UNKNOWN_MODEL'),
    )
  })

  it('keeps one validator’s answers from another', async () => {
    const { parts } = makeParts()
    await commitAnswer(parts, validator.address, challenge, signal)
    await expect(revealAnswer(parts, signer.address, request)).rejects.toEqual(refusal('NOT_FOUND'))
  })

  it('forgets an answer whose reveal nobody asked for', async () => {
    const { parts, pass } = makeParts()
    await commitAnswer(parts, validator.address, challenge, signal)
    pass(1_001)
    await expect(revealAnswer(parts, validator.address, request)).rejects.toEqual(refusal('NOT_FOUND'))
  })

  it('says busy when too many answers wait', async () => {
    const { parts } = makeParts(undefined, 1)
    await commitAnswer(parts, validator.address, challenge, signal)
    const next = { ...challenge, id: new Uint8Array(32).fill(2) }
    await expect(commitAnswer(parts, validator.address, next, signal)).rejects.toEqual(refusal('BUSY'))
  })

  it('lets a failed challenge be asked again', async () => {
    let fails = true
    const { parts } = makeParts(() => {
      if (!fails) return Promise.resolve(answer)
      fails = false
      return Promise.reject(new StarlingError('ENGINE_CRASHED', 'gone'))
    })
    await expect(commitAnswer(parts, validator.address, challenge, signal)).rejects.toEqual(
      refusal('ENGINE_CRASHED'),
    )
    await expect(commitAnswer(parts, validator.address, challenge, signal)).resolves.toMatchObject({
      type: 'commit',
    })
  })

  it('stops at the deadline', async () => {
    const { parts } = makeParts((_challenge, deadline) => {
      return new Promise((_resolve, reject) => {
        deadline.addEventListener('abort', () => reject(new StarlingError('REQUEST_ABORTED', 'stopped')))
      })
    })
    await expect(
      commitAnswer(parts, validator.address, { ...challenge, deadlineMs: 1 }, signal),
    ).rejects.toEqual(refusal('TOO_LATE'))
  })
})
