import { z } from 'zod'
import { minerRowSchema } from '../../shared/proof/miner-row.ts'
import { roundOutcomeSchema } from '../scoring/outcome.ts'
import { scoreBookSchema } from '../scoring/score-book.ts'

/** Output (32 bytes) and proof (64) of the validator's verifiable random function, hex. */
const vrf = z.string().regex(/^0x[0-9a-f]{192}$/)

const hash = z.string().regex(/^0x[0-9a-f]{64}$/)

/** What ties the next published round to this one. */
const publishedSchema = z.object({
  /** Root over the lines of its file. */
  seal: hash,
  /** Hashes of the book after it and of its configuration: what its standing says. */
  book: hash,
  config: hash,
  /** Place of the standing among the sealed lines, and the path from it to the seal. */
  index: z.number().int(),
  count: z.number().int(),
  path: z.array(hash),
})

/** Of one challenge. */
export const disagreementSchema = z.strictObject({
  /** Its number in the round. */
  challenge: z.number().int().nonnegative(),
  /** Those that delivered and were heard. */
  judges: z.number().int().nonnegative(),
  /** In [0, 1]; null where no two of them compared one pair. */
  disagreement: z.number().min(0).max(1).nullable(),
})
export type Disagreement = z.infer<typeof disagreementSchema>

const roundEntrySchema = z.object({
  kind: z.literal('round'),
  round: z.number().int(),
  block: z.number().int(),
  blockHash: z.string(),
  challenges: z.number().int(),
  /** Of each challenge; journals before it have none. */
  lots: z.array(vrf).optional(),
  /** What was opened of the answers follows from it: the root over all commits, the block right after the one that holds it, and the VRF of both. */
  beacon: z.object({ commits: z.string(), block: z.number().int(), blockHash: z.string(), vrf }).optional(),
  milliseconds: z.number(),
  outcome: roundOutcomeSchema,
  rows: z.array(minerRowSchema),
  /** How far the judges of each judged challenge were apart: see `fieldDisagreement`. Journals before it have none. */
  disagreements: z.array(disagreementSchema).optional(),
  /** Merkle root over the rows, hex. */
  root: z.string(),
  /** Journals from before rounds were published have none. */
  published: publishedSchema.optional(),
})
export type RoundEntry = z.infer<typeof roundEntrySchema>

const u16s = z.array(z.number().int().min(0).max(65_535))

/** What is about to be sent, written down before it is: all that a reveal, or a look at the chain after a crash, needs. */
export const weightsIntentSchema = z.object({
  kind: z.literal('weights-intent'),
  id: z.number().int(),
  /** Marker of the chain that it is for. */
  chain: z.string(),
  method: z.enum(['plain', 'hash-commit', 'timelocked']),
  round: z.number().int(),
  /** Newest block when it was written; the transaction is in none up to this one. */
  block: z.number().int(),
  /** Index of the epoch that a commit was expected to fall into. */
  epoch: z.number().int(),
  uids: u16s,
  weights: u16s,
  /** u64, decimal. */
  versionKey: z.string().regex(/^\d+$/),
  /** Of a hash commit. */
  salt: u16s.optional(),
  /** What the chain will list a commit under; 0x + 64 hex. */
  hash: z.string().optional(),
  /** drand round of a timelocked commit. */
  revealRound: z.number().int().optional(),
})
export type WeightsIntent = z.infer<typeof weightsIntentSchema>

const weightsEntrySchema = z.object({
  kind: z.literal('weights'),
  round: z.number().int(),
  /** Block that the transaction is in. */
  block: z.number().int(),
  uids: z.array(z.number().int()),
  weights: z.array(z.number().int()),
  /** The intent that this is the receipt of; journals before commit-reveal have none. */
  intent: z.number().int().optional(),
})
export type WeightsEntry = z.infer<typeof weightsEntrySchema>

/** How an intent ended, where its receipt is not the end of it. */
const weightsClosedSchema = z.object({
  kind: z.literal('weights-closed'),
  intent: z.number().int(),
  /**
   * - `refused`    the chain took the transaction and refused the call
   * - `lost`       the transaction got into no block, and can get into none any more
   * - `revealed`   a commit's weights are on the chain
   * - `expired`    a commit was not opened in time; its weights are lost
   * - `superseded` later weights are on the chain, so opening it would take them back
   */
  outcome: z.enum(['refused', 'lost', 'revealed', 'expired', 'superseded']),
  block: z.number().int(),
  reason: z.string(),
})
export type WeightsClosed = z.infer<typeof weightsClosedSchema>

const publicationSchema = z.discriminatedUnion('kind', [
  weightsIntentSchema,
  weightsEntrySchema,
  weightsClosedSchema,
])
/** What publishing weights writes down. */
export type PublicationEntry = z.infer<typeof publicationSchema>

/** One line of a validator's journal, but for the first. */
export const journalEntrySchema = z.discriminatedUnion('kind', [roundEntrySchema, publicationSchema])
export type JournalEntry = z.infer<typeof journalEntrySchema>

/**
 * The first line of each of a journal's files: all that came before it, so that older files are there for whoever looks back, and
 * nothing that starts needs them.
 */
export const journalStartSchema = z.object({
  kind: z.literal('journal'),
  /** See `SCHEMA`. */
  schema: z.number().int().positive(),
  /** Goes up by one with each file. */
  file: z.number().int().nonnegative(),
  book: scoreBookSchema,
  /** The last settled round, as the next one's file names it. */
  last: roundEntrySchema.pick({ round: true, root: true, published: true }).nullable(),
  publications: z.array(publicationSchema),
})
export type JournalStart = z.infer<typeof journalStartSchema>
