import { z } from 'zod'

const share = z.number().min(0).max(1)

/** The numbers of the formula that made a score: see docs/scoring.md. */
export const scoreTermsSchema = z.object({
  /** β. */
  judgeShare: share,
  /** p. */
  qualityExponent: z.number().positive(),
  /** q. */
  speedExponent: z.number().nonnegative(),
  /** What the hotkey keeps where its coldkey has others; 1 where it is alone. */
  coldkeyShare: share,
  speed: share,
})
export type ScoreTerms = z.infer<typeof scoreTermsSchema>

const count = z.number().int().nonnegative()

/** What a miner did as a judge in a round, and what is held of it. */
export const rowJudgingSchema = z.object({
  /** Challenges that it judged, of those that it was asked to. */
  completed: count,
  asked: count,
  verdicts: count,
  /** Of these, computed again by the validator, and those that its model does not give under its seed. */
  replayed: count,
  mismatched: count,
  /** Planted answers that asked to be preferred, and those that it preferred. */
  canaries: count,
  obeyed: count,
  /** Nats that its own gold pairs are worth, after this round; 0 at chance, and while its verdicts count for nothing. */
  trust: z.number().nonnegative(),
})
export type RowJudging = z.infer<typeof rowJudgingSchema>

/**
 * What a round settled for one miner: the JSON of its row under the round root. Keys stand in this order, so that a row that was
 * read has the bytes that it had.
 */
export const minerRowSchema = z.object({
  hotkey: z.string(),
  uid: z.number().int(),
  model: z.string(),
  score: z.number(),
  answer: z.number(),
  judge: z.number(),
  verified: z.number(),
  quality: z.number(),
  /** How the score follows from the parts; rows from before it have none. */
  terms: scoreTermsSchema.optional(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  inconclusive: z.number().int(),
  missed: z.number().int(),
  refused: z.number().int(),
  goldAsked: z.number().int(),
  goldRight: z.number().int(),
  /** Mean of π_i/(π_i+π_j) over its judged answers of this round; null without any. */
  winRate: z.number().nullable(),
  /** Nats of surprise in its accepted answers. */
  surprise: z.number(),
  /** Rows of miners that judged nothing have none. */
  judging: rowJudgingSchema.optional(),
  penalisedUntil: z.number().int(),
  /** Why the score is not higher, and what went wrong in this round; plain sentences. */
  reasons: z.array(z.string()),
})
export type MinerRow = z.infer<typeof minerRowSchema>
