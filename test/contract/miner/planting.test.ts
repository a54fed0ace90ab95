import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineAnswerer } from '../../../miner/answerer.ts'
import { commitAnswer, revealAnswer } from '../../../miner/generation.ts'
import { createPending } from '../../../miner/pending.ts'
import { plantingAnswerer } from '../../../miner/planting/planting-answerer.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { personalSeed } from '../../../shared/proof/challenge-id.ts'
import { checkShape } from '../../../shared/proof/decision.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { checkPlants, type PublishedAnswer } from '../../../shared/proof/plants/check-plants.ts'
import { isPlanted, type Plants, plantPosition } from '../../../shared/proof/plants/plants.ts'
import { sketchMatrix } from '../../../shared/proof/sketch/matrix.ts'
import { logDistances } from '../../../shared/proof/sketch/sketch.ts'
import type { Challenge } from '../../../shared/protocol/messages.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { auditAnswers } from '../../../validator/round/audit.ts'
import type { Attempt } from '../../../validator/round/types.ts'
import { plainWhitening } from '../../support/calibration.ts'
import { makeChallenge, makeParticipants } from '../../support/participants.ts'
import { VALIDATOR } from '../../support/receipts.ts'
import { TINY, tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const config = roundConfigSchema.parse({ maxTokens: 24, temperature: 1 })
const { maxTokens, temperature, topK, topP } = config
const sampling = { maxTokens, temperature, topK, topP }
const signal = new AbortController().signal
const whitening = plainWhitening(TINY.width)
const beacon = new Uint8Array(32)

let engine: Engine
beforeAll(async () => {
  const started = await startEngine({ modelFolder: await tinyModelFolder(), threads: 1 })
  // Nobody calibrated it, so that its replay alone is judged.
  engine = { ...started, model: { ...started.model, level: 2 } }
})
afterAll(() => engine.close())

/** A miner that plants, twenty challenges, and those of them that its secret chose. */
function makePlanter() {
  const [miner] = makeParticipants(1, engine.model)
  const plants: Plants = { secret: new Uint8Array(32).fill(3), hotkey: miner!.hotkey, rate: 0.2 }
  const challenges = Array.from({ length: 20 }, (_, index) => makeChallenge(index))
  const messages = challenges.map(({ id, prompt }): Challenge => {
    const model = fromHex(engine.model.hash)
    return { type: 'challenge', id, round: 1, prompt, model, sampling, deadlineMs: 60_000 }
  })
  const hotkey = miner!.publicKey
  const honest = engineAnswerer(engine, hotkey, whitening)
  const answerer = plantingAnswerer(honest, { engine, hotkey, whitening, plants, log: silentLog() })
  return { miner: miner!, plants, challenges, messages, honest, answerer }
}

describe('a planted answer', () => {
  it('is wrong in the one token that the secret chose, and honest in all else', async () => {
    const { plants, miner, messages, honest, answerer } = makePlanter()
    const planted = messages.filter(({ id }) => isPlanted(plants, id))
    expect(planted.length).toBeGreaterThan(1)
    for (const challenge of planted) {
      const right = await honest(challenge, signal)
      const { tokens, text, finish, sketches } = await answerer(challenge, signal)
      const position = plantPosition(plants, challenge.id, right.tokens.length)
      expect(tokens.slice(0, position)).toEqual(right.tokens.slice(0, position))
      const { stopTokens, vocabularySize } = engine.model
      expect(checkShape(tokens, finish, { maxTokens, stopTokens, vocabularySize })).toBeUndefined()
      expect(text).toBe(engine.text.decode(tokens))

      const positions = tokens.map((_, at) => at)
      const replay = await engine.replay({
        promptTokens: engine.text.encodePrompt(challenge.prompt),
        tokens,
        sampling,
        seed: personalSeed(challenge.id, miner.publicKey),
        tolerance: 1e-4,
        projectionAt: { matrix: sketchMatrix(challenge.id, whitening), positions },
      })
      const wrong = [...replay.margins.keys()].filter((at) => replay.margins[at]! > 1e-4)
      expect(wrong).toEqual([position])
      // Rows of one computation in two orders, and far from those of any other.
      expect(Math.max(...logDistances(sketches!, replay.projected!))).toBeLessThan(Math.log(1e-4))
    }
  })

  it('finds a validator that does not look, and none that does', async () => {
    const { plants, miner, challenges, messages, answerer } = makePlanter()
    const pending = createPending<never>(32, 60_000, systemClock)
    const parts = { answerer, model: engine.model, signer: miner.signer, pending, randomBytes: () => beacon }
    const attempts = await Promise.all(
      challenges.map(async (challenge, i): Promise<Attempt> => {
        const commit = await commitAnswer(parts, VALIDATOR.address, messages[i]!, signal)
        const request = { type: 'reveal-request', id: challenge.id, beacon } as const
        const reveal = await revealAnswer(parts, VALIDATOR.address, request)
        return { challenge, miner, commit, milliseconds: 1, result: 'revealed', reveal }
      }),
    )
    const audit = {
      validator: VALIDATOR.publicKey,
      engines: [engine],
      calibrations: new Map(),
      beacon,
      config,
    }
    const audited = await auditAnswers(attempts, audit)
    const publish = (result?: 'accept') =>
      audited.map((answer): PublishedAnswer => {
        const own = answer.result as 'accept' | 'reject'
        return { challenge: answer.challenge.id, hotkey: miner.hotkey, result: result ?? own, own }
      })
    const planted = messages.filter(({ id }) => isPlanted(plants, id)).length
    expect(audited.filter(({ result }) => result === 'accept')).toHaveLength(20 - planted)
    expect(checkPlants(plants, publish())).toEqual({ planted, accepted: 0, rejected: planted, right: 0 })
    expect(checkPlants(plants, publish('accept'))).toMatchObject({ planted, accepted: planted })
  })
})
