import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../../shared/inference/engine.ts'
import type { Verdict } from '../../shared/inference/tasks/judge.ts'
import type { Task } from '../../shared/inference/tasks/task.ts'
import type { VerdictSlot } from '../../shared/judging/verdict-slots.ts'
import type { Evidence } from '../../shared/proof/evidence/evidence.ts'
import type { Given } from '../../shared/proof/verdict.ts'
import type { Commit, Reveal, VerdictCommit } from '../../shared/protocol/messages.ts'
import type { Session } from '../../shared/protocol/session.ts'
import type { NamedFinding } from '../../shared/verify/verifier.ts'
import type { AnswerGroup } from './groups.ts'

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
  /** The question with its answer. Gold or not, so that a planted wrong answer can stand in any field, and tells nothing. */
  readonly task: Task
  /** The same, where it settles the challenge (gold). */
  readonly gold: Task | undefined
  readonly answerers: readonly Participant[]
  readonly judges: readonly Participant[]
}

/** What one miner has to do with one challenge. */
export interface Part<C = PlannedChallenge, M = Participant> {
  readonly challenge: C
  readonly miner: M
}

/** An answerer's commit, as it came in. */
export interface CommittedAnswer<C = PlannedChallenge, M = Participant> extends Part<C, M> {
  readonly commit: Commit
  /** From sending the challenge to the commit's arrival, less the median ping. */
  readonly milliseconds: number
}

export type Missing = {
  readonly result: 'missed' | 'refused'
  readonly reason: string
  /** Something came from the miner, if only a refusal. */
  readonly heard?: boolean
}

/** What an audit needs to know of a challenge, and of whoever answered it. */
export type AuditedChallenge = Pick<PlannedChallenge, 'index' | 'id' | 'prompt' | 'gold'>
export type AuditedMiner = Pick<Participant, 'hotkey' | 'publicKey' | 'model'>

/** What became of one answerer's part in one challenge, until the audit. */
export type Attempt<C = PlannedChallenge, M = Participant> =
  | (Part<C, M> & Missing)
  // Committed to, and not revealed: the commit is one of the round's all the same.
  | (CommittedAnswer<C, M> & Missing)
  | (CommittedAnswer<C, M> & { readonly result: 'revealed'; readonly reveal: Reveal })

/** An answer with what the audit found. */
export interface AuditedAnswer<C = PlannedChallenge, M = Participant> extends Part<C, M> {
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
  /** When accepted: bits of its SimHash, 128 bytes. */
  readonly simhash?: Uint8Array
}

/** One answer as judges see it. */
export interface ShownAnswer<C = PlannedChallenge, M = Participant> {
  readonly text: string
  /** Whom it stands for; undefined for an answer that the validator planted. */
  readonly group: AnswerGroup<AuditedAnswer<C, M>> | undefined
}

/** What one judge has to do with one challenge. */
export interface JudgePart<C = PlannedChallenge, M = Participant> {
  readonly challenge: C
  readonly judge: M
  /** In the order in which they are shown. */
  readonly shown: readonly ShownAnswer<C, M>[]
  /** The verdicts of a prompted judge. */
  readonly slots: readonly VerdictSlot[]
  /** Proof and output of the validator's VRF that says which verdicts are replayed: see `replayedVerdicts`. */
  readonly lot: VrfResult
}

/** What came of computing one verdict again. Inconclusive where numbers of these classes were never measured, or the engine failed. */
export interface VerdictReplay {
  /** Number of the verdict: of a pair, or of an answer where the judge gave scores. */
  readonly verdict: number
  readonly result: 'match' | 'mismatch' | 'inconclusive'
}

/** What one judge gave on the answers of one challenge. */
export interface JudgedField<C = PlannedChallenge, M = Participant> extends JudgePart<C, M> {
  /** What it signed before anybody's verdict was shown, where it got that far. */
  readonly commit?: VerdictCommit
  /** Where it delivered. */
  readonly opening?: OpenedVerdicts
  /** Why it did not; left out where it did. */
  readonly reason?: string
}

/** What opened a judge's commit, and what the validator made of it. */
export interface OpenedVerdicts {
  readonly given: Given
  readonly salt: Uint8Array
  /** What each verdict of a prompted judge says, one a slot; undefined is a tie. Of scores there are none. */
  readonly read: readonly (Verdict | undefined)[]
  /** In the order of the verdicts. */
  readonly replays: readonly VerdictReplay[]
}
