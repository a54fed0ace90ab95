import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import { verdictLotMessage } from '../../shared/judging/replay-lot.ts'
import { describeError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { equalBytes, toHex } from '../../shared/proof/hash.ts'
import type { ReplayParts } from '../../shared/verify/replay.ts'
import { engineOf } from '../engines.ts'
import type { AskParts } from './answers.ts'
import { questionOf, verdictCommitFault, verdictFault } from './check-verdict.ts'
import { fieldsToJudge } from './judge-parts.ts'
import type { ReplayShareOf } from './rank-answers.ts'
import { readVerdicts } from './read-verdicts.ts'
import { replayedOf, replayVerdicts } from './replay-verdicts.ts'
import type { AuditedAnswer, JudgedField, JudgePart, OpenedVerdicts } from './types.ts'

export interface JudgingParts extends AskParts, Pick<ReplayParts, 'calibrations'> {
  readonly signer: Signer
  readonly engines: readonly Engine[]
  /** Probability that a verdict of this hotkey, on gold or not, is computed again. */
  readonly replayShareOf: ReplayShareOf
  readonly log: Log
}

/**
 * Phase 5: shows the accepted answers of each challenge to its judges, takes all verdict commits, and only then asks for
 * the verdicts, so that no judge can echo another. Those that the lot draws are computed again.
 */
export async function collectVerdicts(
  audited: readonly AuditedAnswer[],
  parts: JudgingParts,
): Promise<JudgedField[]> {
  const lotOf = ({ id }: { readonly id: Uint8Array }) => parts.signer.vrf(verdictLotMessage(id))
  const committed = await Promise.all(
    fieldsToJudge(audited, parts.config, lotOf).map((asked) =>
      orReason(asked, parts, () => askForCommit(asked, parts)),
    ),
  )
  return Promise.all(
    committed.map((field) =>
      field.commit === undefined ? field : orReason(field, parts, () => askForVerdict(field, parts)),
    ),
  )
}

async function askForCommit(asked: JudgePart, parts: JudgingParts): Promise<JudgedField> {
  const { challenge, judge } = asked
  const commit = await judge.session.request(
    {
      ...{ type: 'judge', id: challenge.id, round: parts.round },
      ...questionOf(asked, parts.config),
      deadlineMs: parts.config.judgeMs,
    },
    { timeoutMs: parts.config.judgeMs, signal: parts.signal },
  )
  const wrong = equalBytes(commit.id, challenge.id)
    ? verdictCommitFault(asked, commit)
    : 'the verdict commit names another challenge'
  if (wrong !== undefined) throw new Error(wrong)
  return { ...asked, commit }
}

async function askForVerdict(field: JudgedField, parts: JudgingParts): Promise<JudgedField> {
  const { challenge, judge } = field
  const { given, salt } = await judge.session.request(
    { type: 'verdict-request', id: challenge.id },
    { timeoutMs: parts.config.revealMs, signal: parts.signal },
  )
  const { config, engines, signer } = parts
  const engine = engineOf(engines, judge.model)
  if (engine === undefined) throw new Error(`this validator does not run ${judge.model.name}`)
  const wrong = verdictFault(field, signer.publicKey, config, field.commit!, { given, salt }, engine.text)
  if (wrong !== undefined) throw new Error(wrong)
  const read = readVerdicts(field, given, engine.text)
  const drawn = replayedOf(field, given, parts.replayShareOf(judge.hotkey, challenge.gold !== undefined))
  const { calibrations } = parts
  const replays = await replayVerdicts(field, given, drawn, { engine, calibrations, config })
  logMismatches(field, replays, parts)
  return { ...field, opening: { given, salt, read, replays } }
}

function logMismatches(part: JudgePart, replays: OpenedVerdicts['replays'], parts: JudgingParts): void {
  for (const { verdict, result } of replays)
    if (result !== 'match') parts.log.warn({ ...idsOf(part, parts), verdict, result }, 'verdict replayed')
}

/** What `ask` comes to, or the part as far as it got with the reason why no further. */
async function orReason(
  part: JudgePart,
  parts: JudgingParts,
  ask: () => Promise<JudgedField>,
): Promise<JudgedField> {
  try {
    return await ask()
  } catch (error) {
    const reason = describeError(error)
    parts.log.info({ ...idsOf(part, parts), error: reason }, 'no verdict')
    return { ...part, reason }
  }
}

function idsOf({ challenge, judge }: JudgePart, { round }: JudgingParts) {
  return { round, challenge: toHex(challenge.id), judge: judge.hotkey }
}
