import { z } from 'zod'
import { roundOutcomeSchema } from '../scoring/outcome.ts'

/** What a round settled for one miner: the JSON of its row under the round root. */
export const minerRowSchema = z.object({
  hotkey: z.string(),
  uid: z.number().int(),
  model: z.string(),
  score: z.number(),
  answer: z.number(),
  judge: z.number(),
  verified: z.number(),
  quality: z.number(),
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
  penalisedUntil: z.number().int(),
  /** Why the score is not higher, and what went wrong in this round; plain sentences. */
  reasons: z.array(z.string()),
})
export type MinerRow = z.infer<typeof minerRowSchema>

const roundEntrySchema = z.object({
  kind: z.literal('round'),
  round: z.number().int(),
  block: z.number().int(),
  blockHash: z.string(),
  challenges: z.number().int(),
  milliseconds: z.number(),
  outcome: roundOutcomeSchema,
  rows: z.array(minerRowSchema),
  /** Merkle root over the rows, hex. */
  root: z.string(),
})
export type RoundEntry = z.infer<typeof roundEntrySchema>

const weightsEntrySchema = z.object({
  kind: z.literal('weights'),
  round: z.number().int(),
  block: z.number().int(),
  uids: z.array(z.number().int()),
  weights: z.array(z.number().int()),
})
export type WeightsEntry = z.infer<typeof weightsEntrySchema>

/** One line of a validator's journal. */
export const journalEntrySchema = z.discriminatedUnion('kind', [roundEntrySchema, weightsEntrySchema])
export type JournalEntry = z.infer<typeof journalEntrySchema>
