import type { Engine } from '../../shared/inference/engine.ts'
import { describeError } from '../../shared/process/errors.ts'
import { answerRoot, committedRoot } from '../../shared/proof/answer-root.ts'
import { commitDigest } from '../../shared/proof/commit.ts'
import { checkShape } from '../../shared/proof/decision.ts'
import { equalBytes, fromHex } from '../../shared/proof/hash.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { RoundConfig } from '../config.ts'
import { replayAnswer } from './replay-answer.ts'
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

export type Revealed = Extract<Attempt, { result: 'revealed' }>

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
        return { ...shown, ...(await replayAnswer(attempt, parts)) }
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
