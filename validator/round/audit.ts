import type { Engine } from '../../shared/inference/engine.ts'
import { checkAnswer } from '../../shared/inference/tasks/check-answer.ts'
import { describeError } from '../../shared/process/errors.ts'
import { type Claim, claimFault } from '../../shared/verify/claim.ts'
import { standardVerifiers, type VerifierParts } from '../../shared/verify/standard.ts'
import type { Verifier } from '../../shared/verify/verifier.ts'
import { type ClaimVerdict, verifyClaim } from '../../shared/verify/verify-claim.ts'
import type { RoundConfig } from '../config.ts'
import { engineOf } from '../engines.ts'
import { samplingOf } from './answers.ts'
import type {
  Attempt,
  AuditedAnswer,
  AuditedChallenge,
  AuditedMiner,
  Participant,
  PlannedChallenge,
} from './types.ts'

export interface AuditParts extends Pick<VerifierParts, 'calibrations'> {
  /** The validator's public key, which commits are bound to. */
  readonly validator: Uint8Array
  readonly engines: readonly Engine[]
  /** 32 bytes that say which leaves were to be opened. */
  readonly beacon: Uint8Array
  readonly config: RoundConfig
}

/**
 * Phase 4: opens every commit, replays every answer under its miner's own seed, and compares the opened hidden states. Needs no
 * connection to anybody, so that whoever holds a round's record can do it again.
 */
export function auditAnswers<C extends AuditedChallenge, M extends AuditedMiner>(
  attempts: readonly Attempt<C, M>[],
  parts: AuditParts,
): Promise<AuditedAnswer<C, M>[]> {
  const { calibrations, config } = parts
  // One set for all: what they compute of a challenge, they compute once.
  const verifiers = standardVerifiers({ calibrations, tolerance: config.auditTolerance })
  return Promise.all(
    attempts.map(async (attempt): Promise<AuditedAnswer<C, M>> => {
      const { challenge, miner } = attempt
      if (attempt.result !== 'revealed') {
        return { challenge, miner, ...nothing, result: attempt.result, reason: attempt.reason }
      }
      const { tokens, text } = attempt.reveal
      const shown = { challenge, miner, text, tokens: tokens.length, milliseconds: attempt.milliseconds }
      try {
        const { verdict, reason, surprise, evidence, findings } = await verifyAttempt(
          attempt,
          parts,
          verifiers,
        )
        const isAccepted = verdict === 'accept'
        return {
          ...{ ...shown, result: verdict, reason, surprise, findings },
          ...(isAccepted && challenge.gold ? { correct: checkAnswer(challenge.gold, text) } : {}),
          ...(evidence.length === 0 ? {} : { evidence: [...evidence] }),
        }
      } catch (error) {
        // The validator's own trouble is nobody's guilt.
        return { ...shown, result: 'inconclusive', reason: describeError(error), surprise: 0 }
      }
    }),
  )
}

const nothing = { text: '', tokens: 0, surprise: 0, milliseconds: 0 }

/** An attempt with something to audit. */
export type Revealed<C = PlannedChallenge, M = Participant> = Extract<Attempt<C, M>, { result: 'revealed' }>

type AnyRevealed = Revealed<AuditedChallenge, AuditedMiner>

async function verifyAttempt(
  attempt: AnyRevealed,
  parts: AuditParts,
  verifiers: readonly Verifier[],
): Promise<ClaimVerdict> {
  const claim = claimOf(attempt, parts)
  const engine = engineOf(parts.engines, claim.model)
  if (engine !== undefined) return verifyClaim(claim, engine, verifiers)
  const fault = claimFault(claim, undefined)
  const { name, executionClass } = claim.model
  return {
    ...{ level: 0, surprise: 0, evidence: [], findings: [] },
    ...(fault === undefined
      ? { verdict: 'inconclusive', reason: `this validator does not run ${name} in class ${executionClass}` }
      : { verdict: 'reject', reason: fault }),
  }
}

/** What an answer claims, as this round's validator asked for it. */
export function claimOf(
  { challenge, miner, commit, reveal }: AnyRevealed,
  { validator, beacon, config }: Pick<AuditParts, 'validator' | 'beacon' | 'config'>,
): Claim {
  const { maxTokens, ...sampling } = samplingOf(config)
  return {
    ...{ challenge, validator, miner: miner.publicKey, model: miner.model },
    ...{ sampling, maxTokens, digest: commit.digest, beacon, reveal },
  }
}
