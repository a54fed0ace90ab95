import { checkAnswer } from '../../shared/inference/tasks/check-answer.ts'
import { personalSeed } from '../../shared/proof/challenge-id.ts'
import { type AuditDecision, decideReplay } from '../../shared/proof/decision.ts'
import { gatherEvidence } from '../../shared/proof/evidence/evidence.ts'
import { marginParameters } from '../../shared/proof/evidence/parameters.ts'
import type { SketchDecision } from '../../shared/proof/sketch/decision.ts'
import { samplingOf } from './answers.ts'
import type { AuditParts, Revealed } from './audit.ts'
import { judgeSketches, proofFault, sketchCheck } from './sketches.ts'
import type { AuditedAnswer } from './types.ts'

type Finding = Pick<AuditedAnswer, 'result' | 'reason' | 'surprise' | 'correct' | 'evidence'>

/**
 * Runs the declared model over prompt and answer once: did it choose these tokens under the miner's seed, and are the opened
 * hidden states its own? Rejects with whatever the engine does.
 */
export async function replayAnswer(
  { challenge, miner, commit, reveal }: Revealed,
  parts: AuditParts,
): Promise<Finding> {
  const { name, hash, executionClass: prover } = miner.model
  const engine = parts.engines.get(hash)
  if (engine === undefined) {
    return { result: 'inconclusive', reason: `this validator does not hold ${name}`, surprise: 0 }
  }
  const calibration = parts.calibrations.get(hash)
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
  const pair = { prover, verifier: engine.model.executionClass }
  const states =
    calibration && projected && judgeSketches(claim, calibration, projected, promptTokens.length, pair)
  const { verdict, reason } = verdictOf(decideReplay(margins, tolerance), fault, states)
  if (verdict !== 'accept') return { result: verdict, reason, surprise }
  const evidence = gatherEvidence(margins, 'margin', pair, marginParameters(pair))
  return {
    result: verdict,
    reason,
    surprise,
    ...(challenge.gold === undefined ? {} : { correct: checkAnswer(challenge.gold, reveal.text) }),
    ...(evidence === undefined ? {} : { evidence: [evidence] }),
  }
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
