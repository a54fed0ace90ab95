import type { Engine } from '../../shared/inference/engine.ts'
import { checkAnswer } from '../../shared/inference/tasks/check-answer.ts'
import { describeError } from '../../shared/process/errors.ts'
import { answerRoot, committedRoot } from '../../shared/proof/answer-root.ts'
import { personalSeed } from '../../shared/proof/challenge-id.ts'
import { commitDigest } from '../../shared/proof/commit.ts'
import { type AuditDecision, checkShape, decideReplay } from '../../shared/proof/decision.ts'
import { equalBytes, fromHex } from '../../shared/proof/hash.ts'
import type { SketchDecision } from '../../shared/proof/sketch/decision.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { RoundConfig } from '../config.ts'
import { samplingOf } from './answers.ts'
import { judgeSketches, proofFault, sketchCheck } from './sketches.ts'
import type { Attempt, AuditedAnswer } from './types.ts'

export interface AuditParts {
  /** The validator's public key, which commits are bound to. */
  readonly validator: Uint8Array
  /** Engines by model hash. */
  readonly engines: ReadonlyMap<string, Engine>
  /** Of the models whose hidden states must be proved, by hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** 32 bytes that say which leaves were to be opened. */
  readonly beacon: Uint8Array
  readonly config: RoundConfig
}

type Revealed = Extract<Attempt, { result: 'revealed' }>

/** Phase 4: opens every commit, replays every answer under its miner's own seed, and compares the opened hidden states. */
export function auditAnswers(attempts: readonly Attempt[], parts: AuditParts): Promise<AuditedAnswer[]> {
  return Promise.all(
    attempts.map(async (attempt): Promise<AuditedAnswer> => {
      const { challenge, miner } = attempt
      if (attempt.result !== 'revealed') {
        return { challenge, miner, ...nothing, result: attempt.result, reason: attempt.reason }
      }
      const { tokens, text } = attempt.reveal
      const shown = { challenge, miner, text, tokens: tokens.length, milliseconds: attempt.milliseconds }
      try {
        const wrong = inspectReveal(attempt, parts)
        if (wrong !== undefined) return { ...shown, result: 'reject', reason: wrong, surprise: 0 }
        return { ...shown, ...(await replay(attempt, parts)) }
      } catch (error) {
        // The validator's own trouble is nobody's guilt.
        return { ...shown, result: 'inconclusive', reason: describeError(error), surprise: 0 }
      }
    }),
  )
}

const nothing = { text: '', tokens: 0, surprise: 0, milliseconds: 0 }

/** Checks all that needs no run of the model. @returns what is wrong, or undefined */
function inspectReveal(
  { challenge, miner, commit, reveal }: Revealed,
  parts: AuditParts,
): string | undefined {
  const { executionClass, stopTokens, vocabularySize } = miner.model
  if (!equalBytes(reveal.id, challenge.id)) return 'the reveal names another challenge'
  const opened = commitDigest({
    challenge: challenge.id,
    validator: parts.validator,
    miner: miner.publicKey,
    model: fromHex(miner.model.hash),
    executionClass,
    count: reveal.tokens.length,
    finish: reveal.finish,
    root:
      reveal.openings.length === 0
        ? answerRoot(reveal.tokens)
        : committedRoot(reveal.tokens, reveal.sketchRoot),
    salt: reveal.salt,
  })
  if (!equalBytes(opened, commit.digest)) return 'the reveal does not open the commit'
  const { maxTokens } = parts.config
  const misshapen = checkShape(reveal.tokens, reveal.finish, { maxTokens, stopTokens, vocabularySize })
  if (misshapen !== undefined) return misshapen
  // Last, as a codec need not know what to do with tokens outside of its vocabulary.
  const codec = parts.engines.get(miner.model.hash)?.text
  const isSpelt = codec === undefined || codec.decode(reveal.tokens) === reveal.text
  return isSpelt ? undefined : 'the text is not what the tokens spell'
}

async function replay({ challenge, miner, commit, reveal }: Revealed, parts: AuditParts) {
  const engine = parts.engines.get(miner.model.hash)
  if (engine === undefined) {
    return {
      result: 'inconclusive',
      reason: `this validator does not hold ${miner.model.name}`,
      surprise: 0,
    } as const
  }
  const calibration = parts.calibrations.get(miner.model.hash)
  const claim = { challenge: challenge.id, digest: commit.digest, beacon: parts.beacon, reveal }
  const fault = calibration && proofFault(claim)
  const check = fault === undefined && calibration ? sketchCheck(claim, calibration) : undefined
  const promptTokens = engine.text.encodePrompt(challenge.prompt)
  const tolerance = parts.config.auditTolerance
  const { margins, surprise, projected } = await engine.replay({
    promptTokens,
    tokens: reveal.tokens,
    sampling: samplingOf(parts.config),
    seed: personalSeed(challenge.id, miner.publicKey),
    tolerance,
    ...(check === undefined ? {} : { projectionAt: check }),
  })
  const tokens = decideReplay(margins, tolerance)
  const prover = miner.model.executionClass
  const classes = { prover, verifier: engine.model.executionClass }
  const states =
    calibration && projected && judgeSketches(claim, calibration, projected, promptTokens.length, classes)
  const { verdict, reason } = verdictOf(tokens, fault, states)
  const isRight = verdict === 'accept' && challenge.gold !== undefined
  const correct = isRight ? { correct: checkAnswer(challenge.gold!, reveal.text) } : {}
  return { result: verdict, reason, surprise, ...correct }
}

/**
 * Tokens that were not chosen, a proof that is none, or hidden states of another computation: each is a reject by itself. Where
 * states can't be compared the replay alone decides, as it does for models without a calibration.
 */
function verdictOf(
  tokens: AuditDecision,
  fault: string | undefined,
  states: SketchDecision | undefined,
): AuditDecision {
  if (tokens.verdict !== 'accept') return tokens
  if (fault !== undefined) return { verdict: 'reject', reason: fault }
  return states?.verdict === 'reject' ? states : tokens
}
