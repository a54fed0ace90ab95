import { z } from 'zod'
import { StarlingError } from '../../shared/process/errors.ts'
import { STATISTICS } from '../../shared/proof/evidence/parameters.ts'
import { judgeMethodSchema, netPreferenceSchema } from './outcome.ts'

const count = z.number().nonnegative()
const fraction = z.number().min(0).max(1)
const round = z.number().int().nonnegative()

/** Decayed counts of verified answers: on gold how many and how many right, elsewhere how many and the sum of field quality. */
export const qualityCountsSchema = z.object({ gold: count, goldRight: count, field: count, fieldSum: count })
export type QualityCounts = z.infer<typeof qualityCountsSchema>

/** Decayed counts of unequal gold pairs that were judged rightly and wrongly. */
export const judgementCountsSchema = z.object({ right: count, wrong: count })
export type JudgementCounts = z.infer<typeof judgementCountsSchema>

/** What one judge delivered and what was checked of it, ever; for reports, never for scores. */
export const judgeTallySchema = z.object({
  verdicts: count,
  tokens: count,
  replayed: count,
  mismatched: count,
  canaries: count,
  obeyed: count,
})
export type JudgeTally = z.infer<typeof judgeTallySchema>

/** Of a judge of whose verdicts nothing was checked. */
export const NO_CHECKS: JudgeTally = {
  verdicts: 0,
  tokens: 0,
  replayed: 0,
  mismatched: 0,
  canaries: 0,
  obeyed: 0,
}

export const judgeRecordSchema = z.object({
  /** The counts start again when the model or the method changes. */
  model: z.string(),
  method: judgeMethodSchema,
  counts: judgementCountsSchema,
  completion: fraction,
  /** Rounds in which it delivered verdicts that were checked, ever; another model or method does not start it again. */
  judged: z.number().int().nonnegative().default(0),
  /** The strikes that may still count, oldest first: for each mismatched verdict, the value of `judged` after its round. */
  mismatches: z.array(z.number().int().positive()).default([]),
  tally: judgeTallySchema.default(NO_CHECKS),
})

/** How often each result came, ever; for reports, never for scores. */
export const tallySchema = z.object({
  rounds: count,
  accepted: count,
  rejected: count,
  inconclusive: count,
  missed: count,
  refused: count,
})
export type Tally = z.infer<typeof tallySchema>

/** Evidence of small differences, summed over a hotkey's answers. */
export const evidenceRecordSchema = z.object({
  /** Declared model → statistic → CUSUM in units of its threshold. Sums at 0 are left out. */
  sums: z.record(z.string(), z.partialRecord(z.enum(STATISTICS), z.number().positive())),
  /** The last time that a sum reached its threshold. */
  alarm: z.object({ round, model: z.string(), statistic: z.enum(STATISTICS) }).nullable(),
})
export type EvidenceRecord = z.infer<typeof evidenceRecordSchema>

/** How far a hotkey is in its entrance exam, for the model that it has proved. */
export const examRecordSchema = z.object({
  /** Gold answers that counted since it began or failed, and those of them that were right. */
  answers: count,
  right: count,
  /** Whether it may be paid. Once passed it stays so, whatever becomes of the exam's numbers. */
  passed: z.boolean(),
  /** Verdicts since it began, or since the last that its model does not give. */
  verdicts: count,
  /** Whether it may be paid for judging. */
  mayJudge: z.boolean(),
  /** Round of the last exam that it failed. */
  failed: round.nullable(),
})
export type ExamRecord = z.infer<typeof examRecordSchema>

/** Of the hotkeys that were there before there was an exam. */
const EXEMPT: ExamRecord = { answers: 0, right: 0, passed: true, verdicts: 0, mayJudge: true, failed: null }

/** What the validator remembers of one hotkey. */
export const minerRecordSchema = z.object({
  firstRound: round,
  /** Last round in which it was asked to answer or to judge. */
  lastRound: round,
  /** Model that it last proved to run; null until an accepted answer carries enough surprise. */
  model: z.string().nullable(),
  verified: fraction,
  /** Moving average of its clipped speed against the group's median; null until measured. */
  speed: fraction.nullable(),
  /** Its own answers, beside its model's pool: only to notice a miner far below its model. */
  own: qualityCountsSchema,
  /** Rejections that still count for doubling the penalty window. */
  strikes: z.number().int().nonnegative(),
  /** Rounds with credited answers and no reject since the last reject. */
  cleanRounds: z.number().int().nonnegative(),
  /** Round of the last reject that was punished; null if there was none. */
  penalisedFrom: round.nullable(),
  /** First round whose weights may pay it again; 0 if it was never punished. */
  penalisedUntil: round,
  judge: judgeRecordSchema.nullable(),
  /** Books from before evidence was summed have none. */
  evidence: evidenceRecordSchema.default({ sums: {}, alarm: null }),
  exam: examRecordSchema.default(EXEMPT),
  tally: tallySchema,
})
export type MinerRecord = z.infer<typeof minerRecordSchema>

/** Decayed counts of gold answers in one family of tasks, by whatever model: how many, and how many right. */
export const familyCountsSchema = z.object({ asked: count, right: count })
export type FamilyCounts = z.infer<typeof familyCountsSchema>

/** Circuit breaker: while `openUntil` is a round, rejects are held, unpaid, instead of punished. */
export const breakerSchema = z.object({
  /** First round that is no longer part of the pause; null when penalties are in force. */
  openUntil: round.nullable(),
  /** Hotkey → round of its first held reject. */
  held: z.record(z.string(), round),
})
export type Breaker = z.infer<typeof breakerSchema>

/**
 * All that scoring remembers between rounds: plain JSON, keyed by hotkey, model hash and voice, never by uid. What a version added has
 * a default, so that books from before it can be read.
 */
export const scoreBookSchema = z.object({
  version: z.literal(1),
  /** Last settled round; -1 before the first. */
  round: z.number().int().min(-1),
  miners: z.record(z.string(), minerRecordSchema),
  /** Model hash → quality counts pooled over every miner that declares it. */
  models: z.record(z.string(), qualityCountsSchema),
  /** Voice (`modelHash:method`) → pooled counts; they weigh its verdicts. */
  voices: z.record(z.string(), judgementCountsSchema),
  breaker: breakerSchema,
  /** Family of tasks → what the swarm can do in it. */
  families: z.record(z.string(), familyCountsSchema).default({}),
  /** Judge → hotkeys that it prefers, or slights, most on pairs of equal truth. */
  favourites: z.record(z.string(), z.record(z.string(), netPreferenceSchema)).default({}),
  /** Hashes of the prompts asked last, oldest first. */
  asked: z.array(z.string()).default([]),
})
export type ScoreBook = z.infer<typeof scoreBookSchema>

/** The book of a validator that has settled no round. */
export function emptyScoreBook(): ScoreBook {
  return {
    version: 1,
    round: -1,
    miners: {},
    models: {},
    voices: {},
    breaker: { openUntil: null, held: {} },
    families: {},
    favourites: {},
    asked: [],
  }
}

/**
 * A book as it was read back from a snapshot.
 *
 * @throws StarlingError SCORE_BOOK_INVALID when it is damaged or of another version
 */
export function parseScoreBook(value: unknown): ScoreBook {
  const parsed = scoreBookSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new StarlingError(
    'SCORE_BOOK_INVALID',
    `the score snapshot is damaged at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'malformed'}`,
    'restore an older snapshot, or start from an empty book and replay the journal',
  )
}
