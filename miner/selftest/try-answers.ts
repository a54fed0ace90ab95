import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Engine, VerificationLevel } from '../../shared/inference/engine.ts'
import { makeProsePrompt, makeTask } from '../../shared/inference/tasks/make-task.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { describeError } from '../../shared/process/errors.ts'
import { FP32_MARGIN } from '../../shared/proof/decision.ts'
import { fromHex } from '../../shared/proof/hash.ts'
import { seededRandom } from '../../shared/proof/random.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { Challenge } from '../../shared/protocol/messages.ts'
import { standardVerifiers } from '../../shared/verify/standard.ts'
import { type ClaimVerdict, type Reader, verifyClaim } from '../../shared/verify/verify-claim.ts'
import { engineAnswerer } from '../answerer.ts'
import { commitAnswer, type GenerationParts, revealAnswer } from '../generation.ts'
import { createPending } from '../pending.ts'
import type { MinerBackend } from '../start-backend.ts'

/** What a validator asks for by default; a test holds these to its configuration. */
export const ROUND = {
  sampling: { temperature: 0.8, topK: 0, topP: 1, maxTokens: 160 },
  commitMs: 60_000,
  tolerance: FP32_MARGIN,
} as const

export interface TryParts {
  readonly backend: MinerBackend
  /** At which the model counts. */
  readonly level: VerificationLevel
  readonly calibration: StoredCalibration | undefined
  /** Keys made for this test. */
  readonly miner: Signer
  readonly validator: Signer
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
}

/** One answer as a validator would see it: how long its commit took, and what an audit says. */
export interface TriedAnswer {
  readonly milliseconds: number
  readonly tokens: number
  readonly verdict: ClaimVerdict
}

/** Answers so many challenges at once, as in a round, and audits every one. Failures are in words. */
export async function tryAnswers(
  parts: TryParts,
  count: number,
): Promise<{ tried: TriedAnswer[]; failures: string[]; seconds: number }> {
  const { backend, miner, clock, randomBytes } = parts
  const generation: GenerationParts = {
    answerer: engineAnswerer(backend, miner.publicKey, parts.calibration?.whitening),
    model: backend.model,
    signer: miner,
    pending: createPending(count, ROUND.commitMs, clock),
    randomBytes,
  }
  const begun = clock.monotonic()
  const committed = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      const challenge = makeChallenge(backend, randomBytes)
      const { signal } = new AbortController()
      const commit = await commitAnswer(generation, parts.validator.address, challenge, signal)
      return { challenge, commit, milliseconds: clock.monotonic() - begun }
    }),
  )
  const seconds = (clock.monotonic() - begun) / 1000
  const audited = await Promise.allSettled(
    committed.map(async (result): Promise<TriedAnswer> => {
      if (result.status === 'rejected') throw result.reason
      const { challenge, commit, milliseconds } = result.value
      const beacon = randomBytes(32)
      const request = { type: 'reveal-request', id: challenge.id, beacon } as const
      const reveal = await revealAnswer(generation, parts.validator.address, request)
      const { maxTokens, ...sampling } = challenge.sampling
      const claim = {
        ...{ challenge, validator: parts.validator.publicKey, miner: miner.publicKey, reveal, beacon },
        ...{ model: { ...backend.model, level: parts.level }, sampling, maxTokens, digest: commit.digest },
      }
      const verdict = await verifyClaim(claim, readerOf(backend), verifiersFor(parts))
      return { milliseconds, tokens: reveal.tokens.length, verdict }
    }),
  )
  return {
    tried: audited.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
    failures: audited.flatMap((result) => (result.status === 'rejected' ? describeError(result.reason) : [])),
    seconds,
  }
}

/** Of the kinds that scored challenges are of. */
function makeChallenge({ model }: MinerBackend, randomBytes: TryParts['randomBytes']): Challenge {
  const random = seededRandom(randomBytes(32))
  const { prompt } = random() < 0.5 ? makeTask(random) : makeProsePrompt(random)
  const { sampling, commitMs: deadlineMs } = ROUND
  const id = randomBytes(32)
  return { type: 'challenge', id, round: 0, prompt, model: fromHex(model.hash), sampling, deadlineMs }
}

/** None where nothing can be read: what needs no run of the model is checked all the same. */
function verifiersFor({ backend, calibration }: TryParts) {
  if (backend.replay === undefined) return []
  const calibrations = new Map(calibration === undefined ? [] : [[backend.model.hash, calibration]])
  return standardVerifiers({ calibrations, tolerance: ROUND.tolerance })
}

function readerOf({ model, text, replay }: MinerBackend): Reader {
  const none: Engine['replay'] = () => Promise.reject(new Error('this backend reads no given text'))
  return { model, text, replay: replay ?? none }
}
