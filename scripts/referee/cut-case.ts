import { publicKeyOf } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { fromHex, HASH_BYTES } from '../../shared/proof/hash.ts'
import { openedRoot } from '../../shared/proof/sketch/opening.ts'
import type { DisputeCase } from '../../shared/protocol/dispute-messages.ts'
import type { Reveal } from '../../shared/protocol/messages.ts'
import { type AuditedFile, auditFile } from '../../validator/audit-file/audit-file.ts'
import { rejectedToken } from '../../validator/audit-file/checks/disputes.ts'
import { isClean, renderReport } from '../../validator/audit-file/report.ts'
import { samplingOf } from '../../validator/round/answers.ts'

/** Which answer of a round is in dispute, and by whom. */
export interface CaseChoice {
  /** Index of the challenge in the round. */
  readonly challenge: number
  /** ss58 address of the miner. */
  readonly miner: string
  /** Token of the answer; the one that the validator rejected unless told. */
  readonly position?: number
  /** ss58 address of who says that the model did not choose it; the round's validator unless told. */
  readonly challenger?: string
}

/**
 * Cuts a case from a published round: prompt and sampling are the round's, which its lots and its seal bind, and not what somebody says that
 * they were. Needs no model.
 * @throws StarlingError DISPUTE_ROUND where the round fails its own audit, DISPUTE_CHOICE where it has no such answer
 */
export async function cutCase(bytes: Uint8Array, choice: CaseChoice): Promise<DisputeCase> {
  let audited: AuditedFile | undefined
  const keep = (file: AuditedFile) => {
    audited = file
    return { name: 'case', status: 'passed', detail: '', faults: [] } as const
  }
  const report = await auditFile(bytes, { extra: [keep] })
  if (!isClean(report) || audited === undefined) {
    const failed = renderReport({ ...report, notes: [], unproven: [] }).find((line) =>
      line.startsWith('FAIL'),
    )
    throw new StarlingError(
      'DISPUTE_ROUND',
      `the round fails its own audit: ${failed?.slice(4).trim() ?? 'it can’t be read'}`,
      'starling audit says what is wrong with it',
    )
  }
  return caseOf(audited, choice)
}

function caseOf({ file }: AuditedFile, choice: CaseChoice): DisputeCase {
  const { validator, config } = file.round.record
  const challenge = file.challenge.find(({ record }) => record.index === choice.challenge)?.record
  const answer = file.answer.find(
    ({ record }) => record.challenge === choice.challenge && record.hotkey === choice.miner,
  )?.record
  if (challenge === undefined || answer?.commit === undefined || answer.reveal === undefined)
    throw missing(`the round holds no answer of ${choice.miner} to challenge ${choice.challenge}`)
  const { commit, reveal } = answer
  // The audit has found every answer's miner among the participants.
  const { model, executionClass } = file.participant.find(
    ({ record }) => record.hotkey === choice.miner,
  )!.record
  const position = choice.position ?? rejectedToken(answer.reason)
  if (position === undefined)
    throw missing('the validator rejected no single token of this answer: name one with --position')
  const challenger = publicKeyOf(choice.challenger ?? validator)
  if (challenger === undefined) throw missing(`${choice.challenger} is no ss58 address`)
  return {
    ...{ challenger, position, prompt: challenge.prompt, challenge: challenge.id },
    validator: publicKeyOf(validator)!,
    defender: publicKeyOf(answer.hotkey)!,
    sampling: samplingOf(config.round),
    ...{ model: fromHex(model), executionClass },
    ...{ tokens: reveal.tokens, finish: reveal.finish, salt: reveal.salt },
    sketchRoot: treeRootOf(reveal),
    signature: commit.signature,
  }
}

/** Of the tree that the commit binds beside the tokens; zero where the answer has none. */
function treeRootOf({ tokens, openings: [first] }: Pick<Reveal, 'tokens' | 'openings'>): Uint8Array {
  return (first && openedRoot(tokens, first)) ?? new Uint8Array(HASH_BYTES)
}

function missing(what: string): StarlingError {
  return new StarlingError('DISPUTE_CHOICE', what, 'starling audit FILE lists what is in the round')
}
