import { z } from 'zod'
import { type Signer, verifySignature } from '../chain/wallet/signer.ts'
import type { Evaluate } from '../inference/reference/evaluate.ts'
import { type ReferenceModel, referenceSchema } from '../inference/reference/reference-model.ts'
import { StarlingError } from '../process/errors.ts'
import { equalBytes, fromHex, hashText, taggedHash } from '../proof/hash.ts'
import type { DisputeCase } from '../protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../protocol/limits.ts'
import { caseDigest } from './case.ts'
import { caseFileSchema } from './case-file.ts'
import { base64, hex, parseJsonFile } from './file-fields.ts'
import { type Hearing, hearAgain, MISSING_CHARS, type ProvenRuling } from './hear-case.ts'
import { SIDES } from './referee.ts'

const entry = z.union([
  // First, as encoding tries one after the other.
  z.strictObject({ missing: z.string().max(MISSING_CHARS) }),
  z.strictObject({ body: base64(DISPUTE_LIMITS.replyBytes), signature: hex(64) }),
])
/** Thirteen passes of seventeen moves at most. */
const entries = z.array(entry).max(256)
const side = z.enum(SIDES)

/** JSON has no infinity: a margin that no logit reaches is null. */
const margin = z.codec(
  z.number().nullable(),
  z.custom<number>((value) => typeof value === 'number'),
  {
    decode: (value) => value ?? Number.POSITIVE_INFINITY,
    encode: (value) => (Number.isFinite(value) ? value : null),
  },
)

const hearingSchema = z.strictObject({
  replies: z.strictObject({ challenger: entries, defender: entries }),
  ruling: z.strictObject({
    losers: z.array(side),
    reason: z.string().max(4096),
    answer: z
      .strictObject({
        verdict: z.enum(['accept', 'reject', 'inconclusive']),
        reason: z.string().max(MISSING_CHARS),
        margin,
      })
      .nullable(),
    unproven: z.array(side),
  }),
})

const recordSchema = z.strictObject({
  format: z.literal('starling-dispute/1'),
  case: caseFileSchema,
  reference: referenceSchema,
  hearing: hearingSchema,
  /** ss58 address of the referee. Its signature vouches for the silences on record; all else is signed by the sides. */
  referee: z.string(),
  signature: hex(64),
})

/** A hearing that anybody can repeat: the case, what each side signed, and what the referee made of it. */
export type DisputeRecord = z.infer<typeof recordSchema>

export function makeRecord(
  signer: Signer,
  dispute: DisputeCase,
  reference: ReferenceModel,
  heard: Hearing,
): DisputeRecord {
  const hearing = hearingOf(heard)
  const signature = signer.sign(recordMessage(dispute, reference, hearing))
  return {
    format: 'starling-dispute/1',
    case: dispute,
    reference,
    hearing,
    referee: signer.address,
    signature,
  }
}

function hearingOf({ replies, ruling }: Hearing): DisputeRecord['hearing'] {
  const { losers, reason, answer, unproven } = ruling
  return {
    replies: { challenger: [...replies.challenger], defender: [...replies.defender] },
    ruling: { losers: [...losers], reason, answer: answer ?? null, unproven: [...unproven] },
  }
}

/** The file's text. */
export function formatRecord(record: DisputeRecord): string {
  return `${JSON.stringify(z.encode(recordSchema, record), undefined, 2)}\n`
}

/** @throws StarlingError DISPUTE_RECORD where the text is no record */
export function parseRecord(text: string): DisputeRecord {
  return parseJsonFile(recordSchema, text, 'DISPUTE_RECORD', 'ask the referee for the whole file')
}

/**
 * Repeats a hearing from its record, the one operator included.
 * @param declared what the reader's own registry says of the model
 * @returns the ruling, which is the recorded one
 * @throws StarlingError DISPUTE_RECORD, DISPUTE_INVALID; DISPUTE_REFERENCE where the record is about other weights
 */
export async function checkRecord(
  record: DisputeRecord,
  declared: ReferenceModel,
  evaluate: Evaluate,
): Promise<ProvenRuling> {
  const { case: dispute, reference, hearing, referee, signature } = record
  if (JSON.stringify(reference) !== JSON.stringify(declared)) {
    throw new StarlingError(
      'DISPUTE_REFERENCE',
      `the record is about weights with the tiles' root ${reference.tilesRoot}, and the registry says ${declared.tilesRoot}`,
      'read it with the registry that the referee had',
    )
  }
  const wrong = (what: string) => new StarlingError('DISPUTE_RECORD', what, 'hear the case again')
  if (!verifySignature(recordMessage(dispute, reference, hearing), signature, referee))
    throw wrong('the record is not signed by its referee')
  const ruling = await hearAgain(dispute, reference, hearing.replies, evaluate)
  const own = recordMessage(dispute, reference, hearingOf({ replies: hearing.replies, ruling }))
  if (!equalBytes(own, recordMessage(dispute, reference, hearing)))
    throw wrong(`the record says '${hearing.ruling.reason}', and its replies say '${ruling.reason}'`)
  return ruling
}

function recordMessage(
  dispute: DisputeCase,
  reference: ReferenceModel,
  hearing: DisputeRecord['hearing'],
): Uint8Array {
  const encoded = JSON.stringify(z.encode(hearingSchema, hearing))
  return taggedHash(
    'starling/dispute-record/v1',
    caseDigest(dispute),
    fromHex(reference.tilesRoot),
    hashText(encoded),
  )
}
