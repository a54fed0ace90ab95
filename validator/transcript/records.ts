import { z } from 'zod'
import { minerRowSchema } from '../../shared/proof/miner-row.ts'
import { roundConfigSchema } from '../config.ts'
import { scoringConfigSchema } from '../scoring/config.ts'
import { auditVerdictSchema, evidenceSchema, roundOutcomeSchema } from '../scoring/outcome.ts'
import { scoreBookSchema } from '../scoring/score-book.ts'
import { disagreementSchema } from '../store/entries.ts'
import { float32sField, float64sField, hexBytes, readField, verdictsField, vrfField } from './fields.ts'

/** Goes up when a record changes. */
export const ROUND_FORMAT = 'starling-round/2'

const hash = hexBytes(32)
const signature = hexBytes(64)
const count = z.int().min(0).max(0xffffffff)
/** The greatest u32 stands for none. */
const roundNumber = z.int().min(0).max(0xfffffffe)
const u16s = z.array(z.int().min(0).max(0xffff))
const ss58 = z.string().min(1)

/** What the round is, and the numbers that it was played by. */
const round = z.strictObject({
  kind: z.literal('round'),
  format: z.literal(ROUND_FORMAT),
  round: roundNumber,
  /** Marker of the chain. */
  chain: hash,
  netuid: count,
  validator: ss58,
  /** Block that opened the round. */
  block: count,
  config: z.strictObject({ round: roundConfigSchema, scoring: scoringConfigSchema }),
})

/** Everybody who is registered, as of a block at about the round's. */
const neurons = z.strictObject({
  kind: z.literal('neurons'),
  block: count,
  neurons: z.array(z.strictObject({ uid: count, hotkey: ss58, coldkey: ss58 })),
})

/** A model that this validator verifies and pays for. */
const model = z.strictObject({
  kind: z.literal('model'),
  name: z.string(),
  hash: z.string(),
  executionClass: z.string(),
  vocabularySize: count,
  contextLength: count,
  eosToken: count,
  stopTokens: z.array(count),
  level: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  /** SHA-256 of the whitening that its hidden states are compared by; null where they are not. */
  whitening: z.string().nullable(),
  /** SHA-256 of the calibration that answers are hashed with by it; null where it hashes none. */
  similarity: z.string().nullable(),
})

/** The line that a published round ends with, before its seal: where the next one begins. */
export const standing = z.strictObject({
  kind: z.literal('standing'),
  round: roundNumber,
  /** `canonicalHash` of the score book after the round. */
  book: hash,
  /** `canonicalHash` of the round's configuration. */
  config: hash,
})
export type Standing = z.output<typeof standing>

/** The round before this one in this validator's journal, with the path from its standing to its seal. */
export const previousRoundSchema = z.strictObject({
  round: roundNumber,
  /** Root over its rows. */
  rows: hash,
  /** Root over its file. */
  seal: hash,
  book: hash,
  config: hash,
  /** Of the standing among the sealed lines. */
  index: count,
  count,
  path: z.array(hash).max(32),
})

export type PreviousRecord = z.output<typeof previousRoundSchema>

const previous = z.strictObject({ kind: z.literal('previous'), previous: previousRoundSchema.nullable() })

/** What scoring remembered when the round began. */
const book = z.strictObject({ kind: z.literal('book'), book: scoreBookSchema })

/** What decides which miners take part, where more could be asked than a round asks. */
const draw = z.strictObject({ kind: z.literal('draw'), lot: vrfField })

/** A miner that could be asked, and the model that it declared. */
const participant = z.strictObject({
  kind: z.literal('participant'),
  /** Whether it takes part. */
  drawn: z.boolean(),
  uid: count,
  hotkey: ss58,
  coldkey: ss58,
  model: z.string(),
  executionClass: z.string(),
})

const challenge = z.strictObject({
  kind: z.literal('challenge'),
  index: count,
  id: hash,
  lot: vrfField,
  prompt: z.string(),
  /** Where the validator knows the answer. */
  gold: z.strictObject({ family: z.string(), answer: z.string() }).nullable(),
})

const commit = z.strictObject({
  digest: hash,
  signature,
  /** From sending the challenge to the commit's arrival, less the distance to the miner; by the validator's clock. */
  milliseconds: z.number().positive(),
})

/** What the miner sent, but for its model and class: the participant's, as the commit binds those. */
const reveal = z.strictObject({
  id: hash,
  tokens: z.array(z.int().min(0).max(0xffffffff)),
  text: z.string(),
  salt: hash,
  openings: z.array(z.strictObject({ index: count, sketches: float32sField, path: z.array(hash).max(32) })),
  finish: z.enum(['stop', 'length']),
})

/** What one verifier found, with what it measured. */
const finding = z.strictObject({
  verifier: z.string(),
  verdict: auditVerdictSchema,
  reason: z.string(),
  figures: z.record(z.string(), z.number()),
})

/** What one miner answered to one challenge, and what the audit said of it. */
const answer = z.strictObject({
  kind: z.literal('answer'),
  /** Index of the challenge. */
  challenge: count,
  hotkey: ss58,
  commit: commit.optional(),
  reveal: reveal.optional(),
  result: z.enum(['accept', 'reject', 'inconclusive', 'missed', 'refused']),
  reason: z.string(),
  surprise: z.number(),
  correct: z.boolean().optional(),
  evidence: z.array(evidenceSchema).optional(),
  findings: z.array(finding),
  /** When accepted: bits of its SimHash. */
  simhash: hexBytes(128).optional(),
})

/** The transaction that put the commits' root on the chain. */
const anchor = z.strictObject({
  kind: z.literal('anchor'),
  block: count,
  index: count,
  extrinsic: hexBytes(),
  proof: z.array(hexBytes()),
})

/** Headers in SCALE, one after another: from the round's block to the one right after the anchor's. */
const headers = z.strictObject({ kind: z.literal('headers'), headers: z.array(hexBytes()) })

const beacon = z.strictObject({ kind: z.literal('beacon'), commits: hash, block: count, vrf: vrfField })

/** A challenge whose answers were judged, or were to be. */
const judged = z.strictObject({
  kind: z.literal('judged'),
  challenge: count,
  /** Says which verdicts were replayed. */
  lot: vrfField,
  /** The answer that the validator planted, and its place among those shown. */
  canary: z.strictObject({ place: count, text: z.string() }).nullable(),
})

const replays = z.array(
  z.strictObject({ verdict: count, result: z.enum(['match', 'mismatch', 'inconclusive']) }),
)

/** What opens a judge's commit, what its verdicts say, and what came of replaying some. */
const opening = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('likelihood'),
    /** Of the answers in the order in which they were shown. */
    scores: float64sField,
    salt: hash,
    replays,
  }),
  z.strictObject({
    method: z.literal('prompted'),
    /** Of the pairs in the order of the judge's schedule. */
    verdicts: verdictsField,
    read: readField,
    salt: hash,
    replays,
  }),
])

/** What one judge said of one challenge's answers. */
const verdict = z.strictObject({
  kind: z.literal('verdict'),
  challenge: count,
  judge: ss58,
  commit: z.strictObject({ digest: hash, signature }).optional(),
  opening: opening.optional(),
  /** Why there is none; empty where there is. */
  reason: z.string(),
})

/** The validator's own known-good answers: whether its audit let them pass. */
const controls = z.strictObject({ kind: z.literal('controls'), lot: vrfField, passed: z.boolean() })

const ranking = z.strictObject({
  kind: z.literal('ranking'),
  qualities: z.array(z.strictObject({ challenge: count, hotkey: ss58, quality: z.number() })),
  /** How far the judges of each challenge were apart. */
  disagreements: z.array(disagreementSchema),
})

const outcome = z.strictObject({ kind: z.literal('outcome'), outcome: roundOutcomeSchema })

const row = z.strictObject({ kind: z.literal('row'), row: minerRowSchema })

/** What receipts are signed over, and the weights that these scores are on this subnet. */
const settled = z.strictObject({
  kind: z.literal('settled'),
  root: hash,
  signature,
  /** The subnet's, when the round was settled. */
  rules: z.strictObject({ minAllowedWeights: count, maxWeightLimit: count }),
  uids: u16s,
  weights: u16s,
})

/** One line of a published round, but for the last. In the file they come in this order. */
export const recordSchema = z.discriminatedUnion('kind', [
  round,
  neurons,
  model,
  previous,
  book,
  draw,
  participant,
  challenge,
  answer,
  anchor,
  headers,
  beacon,
  judged,
  verdict,
  controls,
  ranking,
  outcome,
  row,
  settled,
  standing,
])
export type RoundRecord = z.output<typeof recordSchema>
export type RecordKind = RoundRecord['kind']
export type RecordOf<Kind extends RecordKind> = Extract<RoundRecord, { kind: Kind }>

/** The last line. */
export const sealSchema = z.strictObject({
  kind: z.literal('seal'),
  round: roundNumber,
  validator: ss58,
  /** Hashes of the lines before it, in order: which of them is not what was sealed. */
  leaves: z.array(hash).min(1),
  root: hash,
  signature,
})
export type Seal = z.output<typeof sealSchema>
