import { Packr } from 'msgpackr'
import { StarlingError } from '../process/errors.ts'
import { type DisputeReply, disputeReplySchema } from './dispute-messages.ts'
import { DISPUTE_LIMITS, MESSAGE_LIMITS } from './limits.ts'
import { scanValue } from './scan.ts'

const packr = new Packr({ useRecords: false, mapsAsObjects: true, copyBuffers: true })

/**
 * The bytes that a side signs and sends for a reply.
 * @throws StarlingError INVALID_MESSAGE when it is none, DISPUTE_TOO_LARGE when it does not fit
 */
export function encodeDisputeReply(reply: DisputeReply): Uint8Array {
  const parsed = disputeReplySchema.safeParse(reply)
  if (!parsed.success) throw new StarlingError('INVALID_MESSAGE', `cannot send ${reply.type}`)
  const bytes = packr.pack(parsed.data)
  if (bytes.length <= DISPUTE_LIMITS.replyBytes) return Uint8Array.from(bytes)
  throw new StarlingError(
    'DISPUTE_TOO_LARGE',
    `${reply.type} takes ${bytes.length} bytes, and a reply of a dispute holds ${DISPUTE_LIMITS.replyBytes}`,
    'register the model with narrower tiles',
  )
}

/** What a side said, or undefined where the bytes are not exactly one reply. Never throws. */
export function decodeDisputeReply(body: Uint8Array): DisputeReply | undefined {
  if (body.length > DISPUTE_LIMITS.replyBytes) return undefined
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  const { nesting } = MESSAGE_LIMITS
  if (scanValue(bytes, { nesting, entries: DISPUTE_LIMITS.entries }) !== undefined) return undefined
  try {
    return disputeReplySchema.safeParse(packr.unpack(bytes)).data
  } catch {
    return undefined
  }
}
