import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Engine, ReplayRequest } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { encodePrompt, encodeText } from '../../../shared/inference/tokenizer.ts'
import { answerRoot } from '../../../shared/proof/answer-root.ts'
import { personalSeed } from '../../../shared/proof/challenge-id.ts'
import { commitDigest } from '../../../shared/proof/commit.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { Reveal } from '../../../shared/protocol/messages.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { auditAnswers } from '../../../validator/round/audit.ts'
import type { Attempt } from '../../../validator/round/types.ts'
import { plainPair, storedCalibration } from '../../support/calibration.ts'
import { makeChallenge, makeParticipants, testModel } from '../../support/participants.ts'

const validator = signerFromUri('//Alice')
const config = roundConfigSchema.parse({ maxTokens: 40 })
const [miner] = makeParticipants(1)
const challenge = makeChallenge(0)
const salt = new Uint8Array(32).fill(9)
const text = 'so it is'
const beacon = new Uint8Array(32).fill(3)
const shared = { validator: validator.publicKey, calibrations: new Map(), beacon, config }

const stored = storedCalibration(testModel.hash, [plainPair(testModel.executionClass)])

/** An engine whose replay finds the given margins. */
function engineWith(margins: readonly number[] | Error): Engine[] {
  const replay = () =>
    margins instanceof Error
      ? Promise.reject(margins)
      : Promise.resolve({ margins: Float64Array.from(margins), logProbs: new Float64Array(0), surprise: 12 })
  return [{ model: testModel, text: bytesCodec, replay } as unknown as Engine]
}

/** An answer whose commit fits its reveal; `change` is applied to the reveal after the commit. */
function attempt(
  change: Partial<Reveal> = {},
  tokens = [...encodeText(text), testModel.eosToken],
  executionClass = testModel.executionClass,
): Attempt {
  const root = answerRoot(tokens)
  const digest = commitDigest({
    challenge: challenge.id,
    validator: validator.publicKey,
    miner: miner!.publicKey,
    model: fromHex(testModel.hash),
    executionClass,
    count: tokens.length,
    finish: 'stop',
    root,
    salt,
  })
  const reveal: Reveal = {
    type: 'reveal',
    id: challenge.id,
    tokens,
    text,
    salt,
    openings: [],
    finish: 'stop',
    executionClass,
    model: fromHex(testModel.hash),
    ...change,
  }
  const commit = { type: 'commit', id: challenge.id, digest, signature: new Uint8Array(64) } as const
  return { challenge, miner: miner!, commit, reveal, result: 'revealed', milliseconds: 10 }
}

async function audit(one: Attempt, margins: readonly number[] | Error = [0, 0]) {
  const parts = { ...shared, engines: engineWith(margins) }
  return (await auditAnswers([one], parts))[0]!
}

describe('auditAnswers', () => {
  it('accepts an answer that opens its commit and replays', async () => {
    expect(await audit(attempt())).toMatchObject({ result: 'accept', surprise: 12, text, reason: '' })
  })

  it('replays under the miner’s own seed, on the prompt that was sent', async () => {
    const asked: ReplayRequest[] = []
    const replay = (request: ReplayRequest) => {
      asked.push(request)
      return Promise.resolve({ margins: Float64Array.of(0), logProbs: new Float64Array(0), surprise: 1 })
    }
    const engines = [{ model: testModel, text: bytesCodec, replay } as unknown as Engine]
    await auditAnswers([attempt()], { ...shared, engines })
    expect(asked).toHaveLength(1)
    expect(asked[0]!.seed).toEqual(personalSeed(challenge.id, miner!.publicKey))
    expect(asked[0]!.promptTokens).toEqual(encodePrompt(challenge.prompt))
  })

  it('leaves what small margins add up to as evidence, where the classes are calibrated', async () => {
    const calibrations = new Map([[testModel.hash, stored]])
    const found = async (margins: readonly number[]) =>
      (await auditAnswers([attempt()], { ...shared, calibrations, engines: engineWith(margins) }))[0]!
    const accepted = await found([0, 3e-5])
    expect(accepted.evidence).toEqual([
      expect.objectContaining({ statistic: 'margin', total: expect.any(Number) }),
    ])
    expect(accepted.evidence![0]!.peak).toBeCloseTo(0.29, 2)
    expect((await found([0, 0])).evidence![0]!.peak).toBe(0)
    expect(await found([0, 0.3])).not.toHaveProperty('evidence')
    expect(await audit(attempt(), [0, 3e-5])).not.toHaveProperty('evidence')
  })

  it('reads an answer with the engine of its own class, and decides nothing where it holds none', async () => {
    const asked: string[] = []
    const engines = ['cpu-fp32/test', 'cpu-q4b32a8/test'].map((executionClass) => {
      const replay = async () => {
        asked.push(executionClass)
        return { margins: Float64Array.of(0.01), logProbs: new Float64Array(0), surprise: 12 }
      }
      return { model: { ...testModel, executionClass }, text: bytesCodec, replay } as unknown as Engine
    })
    const inClass = (executionClass: string) => {
      const model = { ...testModel, executionClass }
      return { ...attempt({}, undefined, executionClass), miner: { ...miner!, model } }
    }
    const noisy = { references: Array(8).fill(0.02), threshold: 0.1, clip: 0.5 }
    const pair = plainPair('cpu-q4b32a8/test', { evidence: { answersPerAlarm: 1e6, margin: noisy } })
    const calibrations = new Map([[testModel.hash, storedCalibration(testModel.hash, [pair])]])
    const found = async (executionClass: string) =>
      (await auditAnswers([inClass(executionClass)], { ...shared, calibrations, engines }))[0]!
    expect(await found('cpu-q4b32a8/test')).toMatchObject({ result: 'accept', evidence: [{ end: 0 }] })
    expect(await found('cpu-fp32/test')).toMatchObject({ result: 'reject' })
    expect(asked).toEqual(['cpu-q4b32a8/test', 'cpu-fp32/test'])
    expect(await found('cpu-q4b64a8/test')).toMatchObject({
      result: 'inconclusive',
      reason: 'this validator does not run test in class cpu-q4b64a8/test',
    })
    expect(asked).toHaveLength(2)
  })

  it('rejects an answer that does not replay', async () => {
    expect(await audit(attempt(), [0, 0.3])).toMatchObject({ result: 'reject', reason: /token 1/ })
  })

  it.each([
    ['other tokens', { tokens: [...encodeText('so is it'), testModel.eosToken] }],
    ['a shorter answer', { tokens: encodeText('so') }],
    ['another salt', { salt: new Uint8Array(32).fill(8) }],
    ['another finish', { finish: 'length' as const }],
    ['another challenge', { id: new Uint8Array(32).fill(77) }],
    ['text that the tokens do not spell', { text: 'so it was' }],
  ])('rejects a reveal with %s', async (_name, change) => {
    expect((await audit(attempt(change))).result).toBe('reject')
  })

  it('rejects a reveal that was committed by another miner', async () => {
    const [, thief] = makeParticipants(2)
    expect((await audit({ ...attempt(), miner: thief! })).result).toBe('reject')
  })

  it('spells no token that is outside of the vocabulary', async () => {
    const strange = attempt({}, [2 ** 32 - 1, testModel.eosToken])
    const decode = (tokens: readonly number[]) => {
      if (tokens.some((token) => token >= testModel.vocabularySize)) throw new Error('no such token')
      return text
    }
    const engine = { model: testModel, text: { ...bytesCodec, decode } } as unknown as Engine
    const parts = { ...shared, engines: [engine] }
    const [audited] = await auditAnswers([strange], parts)
    expect(audited).toMatchObject({
      result: 'reject',
      reason: expect.stringMatching(/outside of the vocabulary/),
    })
  })

  it('goes on where a codec fails on one answer', async () => {
    const decode = () => {
      throw new Error('codec gone')
    }
    const engine = { model: testModel, text: { ...bytesCodec, decode } } as unknown as Engine
    const parts = { ...shared, engines: [engine] }
    expect((await auditAnswers([attempt()], parts))[0]!.result).toBe('inconclusive')
  })

  it('never punishes for its own trouble', async () => {
    expect((await audit(attempt(), new Error('engine gone'))).result).toBe('inconclusive')
    const parts = { ...shared, engines: [] }
    expect((await auditAnswers([attempt()], parts))[0]!.result).toBe('inconclusive')
  })

  it('passes misses on with their reason', async () => {
    const missed: Attempt = { challenge, miner: miner!, result: 'missed', reason: 'late' }
    expect(await audit(missed)).toMatchObject({ result: 'missed', reason: 'late', tokens: 0 })
  })

  it('reads the truth of gold from accepted answers only', async () => {
    const gold = makeChallenge(0, { gold: { family: 'test', prompt: 'prompt 0', answer: '7' } })
    expect(await audit({ ...attempt(), challenge: gold })).toMatchObject({ result: 'accept', correct: false })
    expect(await audit({ ...attempt(), challenge: gold }, [1])).not.toHaveProperty('correct')
  })
})
