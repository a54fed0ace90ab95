import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../../shared/inference/engine.ts'
import type { Task } from '../../shared/inference/tasks/task.ts'
import type { Evidence } from '../../shared/proof/evidence/evidence.ts'
import type { Commit, Reveal } from '../../shared/protocol/messages.ts'
import type { Session } from '../../shared/protocol/session.ts'
import type { NamedFinding } from '../../shared/verify/verifier.ts'

/** A miner that can be asked in this round. */
export interface Participant {
  readonly uid: number
  readonly hotkey: string
  readonly publicKey: Uint8Array
  readonly coldkey: string
  /** The registered model that it declares. */
  readonly model: ModelInfo
  readonly session: Session
}

/** One challenge of a round, before it is sent. */
export interface PlannedChallenge {
  readonly index: number
  readonly id: Uint8Array
  /** Proof and output of the validator's VRF on the id: prompt, gold flag and order of the answers follow from it. */
  readonly lot: VrfResult
  readonly prompt: string
  /** The question with its answer, where the validator knows one (gold). */
  readonly gold: Task | undefined
  readonly answerers: readonly Participant[]
  readonly judges: readonly Participant[]
}

/** An answerer's commit, as it came in. */
export interface CommittedAnswer<C = PlannedChallenge, M = Participant> {
  readonly challenge: C
  readonly miner: M
  readonly commit: Commit
  /** From sending the challenge to the commit's arrival, less the median ping. */
  readonly milliseconds: number
}

export type Missing = { readonly result: 'missed' | 'refused'; readonly reason: string }

/** What an audit needs to know of a challenge, and of whoever answered it. */
export type AuditedChallenge = Pick<PlannedChallenge, 'index' | 'id' | 'prompt' | 'gold'>
export type AuditedMiner = Pick<Participant, 'hotkey' | 'publicKey' | 'model'>

/** What became of one answerer's part in one challenge, until the audit. */
export type Attempt<C = PlannedChallenge, M = Participant> =
  | ({ readonly challenge: C; readonly miner: M } & Missing)
  | (CommittedAnswer<C, M> & { readonly result: 'revealed'; readonly reveal: Reveal })

/** An answer with what the audit found. */
export interface AuditedAnswer<C = PlannedChallenge, M = Participant> {
  readonly challenge: C
  readonly miner: M
  readonly result: 'accept' | 'reject' | 'inconclusive' | 'missed' | 'refused'
  /** One line, empty when accepted. */
  readonly reason: string
  readonly text: string
  readonly tokens: number
  readonly surprise: number
  readonly milliseconds: number
  /** On gold, when accepted: whether the answer is right. */
  readonly correct?: boolean
  /** When accepted, in classes that are calibrated: what it adds to the sums over many answers. */
  readonly evidence?: Evidence[]
  /** What each verifier found and measured; left out where none was asked. */
  readonly findings?: readonly NamedFinding[]
}

/** One judge's verdict on the answers of one challenge. */
export interface JudgedField {
  readonly challenge: PlannedChallenge
  readonly judge: Participant
  /** The answers judged, in the order in which they were shown. */
  readonly answers: readonly AuditedAnswer[]
  /** One score an answer, higher is better; undefined when the judge did not deliver. */
  readonly scores: readonly number[] | undefined
}
