import { z } from 'zod'
import type { NetPreference } from '../../shared/consensus/net-preference.ts'
import type { JudgeMethod } from '../../shared/consensus/voice.ts'
import type { Evidence } from '../../shared/proof/evidence/evidence.ts'
import { STATISTICS } from '../../shared/proof/evidence/parameters.ts'

const hotkey = z.string().min(1)
const modelHash = z.string().min(1)
const round = z.number().int().nonnegative()

/** What an audit says of one answer. Inconclusive buys more audit and moves no score. */
export const auditVerdictSchema = z.enum(['accept', 'reject', 'inconclusive'])
export type AuditVerdict = z.infer<typeof auditVerdictSchema>

/** What one answer adds to the sums over many: see `CusumStretch`; in units of the threshold, so the alarm is at 1. */
export const evidenceSchema = z
  .object({
    statistic: z.enum(STATISTICS),
    /** Classes of prover and verifier. The sum does not depend on it: a change of class is no new start. */
    pair: z.string().min(1),
    total: z.number(),
    rise: z.number().nonnegative(),
    end: z.number().nonnegative(),
    peak: z.number().nonnegative(),
  })
  .refine(
    ({ total, rise, end, peak }) => peak >= Math.max(rise, end) && rise >= total,
    'evidence that no run of values leaves behind',
  ) satisfies z.ZodType<Evidence>

/**
 * One miner's answer to one challenge, as the round settled it. `missed` is a deadline passed or a reveal that does not open
 * the commit in time; `refused` is an explicit busy, which costs little and is never a reject.
 */
export const answerOutcomeSchema = z.object({
  /** Challenge id, hex. */
  challengeId: z.string().min(1),
  hotkey,
  /** Hash of the declared model, hex. */
  model: modelHash,
  result: z.enum([...auditVerdictSchema.options, 'missed', 'refused']),
  /** Surprise S of the answer in nats, as the audit recomputed it; 0 when there was no audit. */
  surprise: z.number().nonnegative(),
  /** Sampled at T = 0, where every honest answer is equal and nothing is proved by it. */
  greedy: z.boolean(),
  gold: z.boolean(),
  /** Gold and accepted: whether the answer is right. */
  correct: z.boolean().optional(),
  /** Gold: the family of its task. */
  family: z.string().min(1).optional(),
  /** Not gold and accepted: mean over the field of π_i/(π_i+π_j), in [0, 1]. */
  fieldQuality: z.number().min(0).max(1).optional(),
  /** Tokens over (commit arrival − challenge sent − median ping), by the validator's clock. */
  tokensPerSecond: z.number().nonnegative().optional(),
  /** Of an accepted answer in a calibrated pair of classes: at most one of each statistic. */
  evidence: z
    .array(evidenceSchema)
    .max(STATISTICS.length)
    .refine(
      (all) => new Set(all.map(({ statistic }) => statistic)).size === all.length,
      'one statistic counted twice',
    )
    .optional(),
})
export type AnswerOutcome = z.infer<typeof answerOutcomeSchema>

/** How a judge arrives at its verdicts; see `JudgeMethod`. */
export const judgeMethodSchema = z.enum(['likelihood', 'prompted']) satisfies z.ZodType<JudgeMethod>

const whole = z.number().int().nonnegative()

/** What was delivered and checked of one judge's verdicts in one round. A verdict is one pair, or one number of a likelihood judge. */
export const judgeChecksSchema = z
  .object({
    verdicts: whole,
    /** Tokens that it wrote for them; 0 for a likelihood judge. */
    tokens: whole,
    /** Verdicts that the validator computed again, and those of them that the judge's model does not give. */
    replayed: whole,
    mismatched: whole,
    /** Pairs with a planted answer that asks to be preferred, and those where the judge obeyed. */
    canaries: whole,
    obeyed: whole,
  })
  .refine(
    ({ verdicts, replayed, mismatched, canaries, obeyed }) =>
      mismatched <= replayed && replayed <= verdicts && obeyed <= canaries,
    'more found than was looked at',
  )
export type JudgeChecks = z.infer<typeof judgeChecksSchema>

/** How far a judge preferred an answerer on pairs of equal truth: wins less losses, and the comparisons, by weight. */
export const netPreferenceSchema = z
  .object({ net: z.number(), count: z.number().nonnegative() })
  .refine(
    ({ net, count }) => Math.abs(net) <= count + 1e-9,
    'more preferred than compared',
  ) satisfies z.ZodType<NetPreference>

/** One miner's judging in one round. `asked` and `completed` count challenges. */
export const judgeOutcomeSchema = z
  .object({
    hotkey,
    model: modelHash,
    method: judgeMethodSchema,
    asked: z.number().int().nonnegative(),
    completed: z.number().int().nonnegative(),
    /**
     * Unequal gold pairs judged rightly and wrongly; a tie on such a pair is half of each. Pairs with a planted answer are not among
     * them: scoring adds those where the judge obeyed.
     */
    goldRight: z.number().nonnegative(),
    goldWrong: z.number().nonnegative(),
    /** Journals from before verdicts were replayed have none. */
    checks: judgeChecksSchema.optional(),
    /** Answerer → what its gold pairs of equal truth with others came to, where there were any: see `countEqualPairs`. */
    equalPairs: z.record(hotkey, netPreferenceSchema).optional(),
  })
  .refine((judge) => judge.completed <= judge.asked, 'completed more challenges than it was asked')
export type JudgeOutcome = z.infer<typeof judgeOutcomeSchema>

/** A second audit of the answers that `hotkey` had rejected while penalties were paused. */
export const reauditSchema = z.object({ hotkey, verdict: auditVerdictSchema })
export type Reaudit = z.infer<typeof reauditSchema>

/** Everything that one settled round says about the miners. Rounds are numbered upwards; gaps are allowed. */
export const roundOutcomeSchema = z.object({
  round,
  answers: z.array(answerOutcomeSchema),
  judges: z.array(judgeOutcomeSchema),
  /** Whether the validator's own known-good answers passed its audit this round. */
  controlsPassed: z.boolean(),
  reaudits: z.array(reauditSchema).optional(),
  /** Hashes of the prompts that were asked, 8 bytes hex each, so that none is asked again soon. */
  prompts: z.array(z.string().min(1)).optional(),
})
export type RoundOutcome = z.infer<typeof roundOutcomeSchema>
