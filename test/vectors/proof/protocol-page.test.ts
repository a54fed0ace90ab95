import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sampleToken } from '../../../shared/inference/sampler.ts'
import { pairOrderSeed, pairSchedule } from '../../../shared/judging/pair-schedule.ts'
import { verdictSeed } from '../../../shared/judging/verdict-slots.ts'
import { answerRoot } from '../../../shared/proof/answer-root.ts'
import { challengeId, personalSeed } from '../../../shared/proof/challenge-id.ts'
import { commitDigest, commitMessage } from '../../../shared/proof/commit.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { receiptMessage, roundRoot } from '../../../shared/proof/receipt.ts'
import { type Given, questionHash, verdictDigest, verdictMessage } from '../../../shared/proof/verdict.ts'
import { drawParticipants } from '../../../validator/round/participants.ts'
import { promptKey } from '../../../validator/round/prompts.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8')
const vectors = JSON.parse(/## Vectors[\s\S]*?```json\n([\s\S]*?)```/.exec(page)![1]!)

const fill = (byte: number) => new Uint8Array(32).fill(byte)
const place = {
  chainMarker: toHex(fill(1)),
  netuid: 1,
  validator: fill(2),
  blockHash: toHex(fill(3)),
  index: 0,
}
const id = challengeId(place)
const seed = personalSeed(id, fill(4))

it('derives ids and seeds as the page says', () => {
  expect(toHex(id)).toBe(vectors.challengeId)
  expect(toHex(seed)).toBe(vectors.seed)
})

it('draws who takes part, and remembers prompts, as the page says', () => {
  const scores = [0.8, 0.4, 0.04, 0, 0, 0.6]
  const miners = scores.map((_, i) => ({ hotkey: String(i), publicKey: fill(i + 1) }))
  const limits = { maxParticipants: 3, samplingFloor: 0.25 }
  const drawn = drawParticipants(miners, (hotkey) => scores[Number(hotkey)]!, fill(9), limits)
  expect(drawn.map(({ publicKey }) => publicKey[0])).toEqual(vectors.drawn)
  expect(promptKey('Tell of a shy fox, then add 374 and 258.')).toBe(vectors.promptKey)
})

it('commits as the page says', () => {
  const tokens = [72, 105, 33, 32, 58, 257]
  const root = answerRoot(tokens)
  const digest = commitDigest({
    challenge: id,
    validator: fill(2),
    miner: fill(4),
    model: fill(5),
    executionClass: 'cpu-fp32/ort-1.30.0',
    count: tokens.length,
    finish: 'stop',
    root,
    salt: fill(6),
  })
  expect(toHex(root)).toBe(vectors.answerRoot)
  expect(toHex(digest)).toBe(vectors.commitDigest)
  expect(toHex(commitMessage(id, digest))).toBe(vectors.commitMessage)
})

it('binds verdicts as the page says', () => {
  const question = { prompt: 'which', answers: ['a', 'b'], temperature: 0.3, maxTokens: 100 }
  const digestOf = (given: Given) =>
    verdictDigest({
      ...{ challenge: id, validator: fill(2), judge: fill(7), model: fill(5), salt: fill(8) },
      executionClass: 'cpu-fp32/ort-1.30.0',
      question: questionHash({ ...question, method: given.method }),
      given,
    })
  const scores = digestOf({ method: 'likelihood', scores: [-0.5, -1.25] })
  const verdicts = digestOf({
    method: 'prompted',
    verdicts: [
      [65, 257],
      [66, 257],
    ],
  })
  expect(toHex(scores)).toBe(vectors.scoresDigest)
  expect(toHex(verdicts)).toBe(vectors.verdictsDigest)
  expect(toHex(verdictMessage(id, verdicts))).toBe(vectors.verdictMessage)
  expect(toHex(verdictSeed(id, fill(7), 1))).toBe(vectors.verdictSeed)
  expect(pairSchedule(5, pairOrderSeed(id, fill(7))).map(({ a, b }) => [a, b])).toEqual(vectors.pairs)
})

it('roots rounds as the page says', () => {
  const root = roundRoot(['{"a":1}', '{"b":2}', '{"c":3}'].map((row) => new TextEncoder().encode(row)))
  expect(toHex(root)).toBe(vectors.roundRoot)
  expect(toHex(receiptMessage(9, 3, root))).toBe(vectors.receiptMessage)
})

it.each([
  ['tokens', 1, 0, 1],
  ['tokensTopK2', 1, 2, 1],
  ['tokensTopP', 0.7, 0, 0.5],
] as const)('samples %s as the page says', (name, temperature, topK, topP) => {
  const logits = Float32Array.from([2, 1.5, 1, 0.5, 0, -0.5, -1, -1.5])
  const sampled = Array.from({ length: 12 }, (_, position) =>
    sampleToken(logits, { temperature, topK, topP }, seed, position),
  )
  expect(sampled).toEqual(vectors[name])
})
