import type { ReplayRequest, ReplayResult, VerificationLevel } from '../inference/engine.ts'
import type { AuditDecision } from '../proof/decision.ts'
import type { Evidence } from '../proof/evidence/evidence.ts'
import type { Claim } from './claim.ts'

/** What the validator computed of an answer, in one prefill over prompt and answer that all verifiers share. */
export interface Reading extends ReplayResult {
  readonly promptTokens: number
  /** Execution class that it was computed in. */
  readonly executionClass: string
}

/** What a verifier asks of the reading; margins and surprise come with every one. */
export type ReadingNeeds = Partial<Pick<ReplayRequest, 'tolerance' | 'projectionAt'>>

/** What one verifier found. */
export interface Finding extends AuditDecision {
  /** Of an accepted answer in a calibrated pair of classes: what it adds to the sums over many. */
  readonly evidence?: Evidence
  /** What was measured, by name, for reports and self-tests; finite numbers only. */
  readonly figures?: Readonly<Record<string, number>>
}

/**
 * One kind of evidence about an answer: a replay, sketches of hidden states, a settled dispute, a zero-knowledge proof, an enclave's
 * quote. It holds whatever it judges by (calibrations, keys, a model's hash) and no state.
 */
export interface Verifier {
  /** One word, for journals and reasons. */
  readonly name: string
  /** What an accept proves, once all verifiers of lower levels accept too. */
  readonly level: VerificationLevel | 4
  /** Whether it has anything to ask of this claim; missing evidence that the claim owes is its business, too. */
  applies(claim: Claim): boolean
  /**
   * What it must read; undefined where its evidence needs no run of the model, or is malformed already.
   * @param readIn execution class of whoever reads
   */
  needs(claim: Claim, readIn: string): ReadingNeeds | undefined
  /** @param reading undefined where no verifier of the claim needed one */
  decide(claim: Claim, reading: Reading | undefined): Finding | Promise<Finding>
}

/** A finding with the verifier that made it. */
export interface NamedFinding extends Finding {
  readonly verifier: string
}

export const inconclusive = (reason: string): Finding => ({ verdict: 'inconclusive', reason })
export const reject = (reason: string): Finding => ({ verdict: 'reject', reason })
