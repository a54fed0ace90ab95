import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import { equalBytes } from '../../shared/proof/hash.ts'
import { verdictDigest, verdictMessage } from '../../shared/proof/verdict.ts'
import type { Verdict, VerdictCommit } from '../../shared/protocol/messages.ts'
import type { JudgePart, Participant, PlannedChallenge } from './types.ts'

/** What an opened verdict is held against; needs no connection. */
export interface VerdictPlace {
  readonly challenge: Pick<PlannedChallenge, 'id'>
  readonly judge: Pick<Participant, 'hotkey' | 'publicKey'>
  readonly answers: Pick<JudgePart['answers'], 'length'>
}

/** @returns what is wrong with a judge's commit, or undefined */
export function verdictCommitFault(
  { challenge, judge }: VerdictPlace,
  { digest, signature }: Pick<VerdictCommit, 'digest' | 'signature'>,
): string | undefined {
  const isSigned = verifySignature(verdictMessage(challenge.id, digest), signature, judge.hotkey)
  return isSigned ? undefined : 'the verdict commit is not the judge’s'
}

/**
 * @param validator the validator's public key, which verdicts are bound to
 * @returns what is wrong with the opening of a judge's commit, or undefined
 */
export function verdictFault(
  { challenge, judge, answers }: VerdictPlace,
  validator: Uint8Array,
  { digest }: Pick<VerdictCommit, 'digest'>,
  { scores, salt }: Pick<Verdict, 'scores' | 'salt'>,
): string | undefined {
  if (scores.length !== answers.length) return 'the verdict does not fit the answers'
  const opening = { challenge: challenge.id, validator, judge: judge.publicKey, scores, salt }
  return equalBytes(verdictDigest(opening), digest) ? undefined : 'the verdict does not open its commit'
}
