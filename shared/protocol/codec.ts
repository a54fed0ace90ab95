import { Packr } from 'msgpackr'
import { z } from 'zod'
import { StarlingError } from '../process/errors.ts'
import { compileFrameReader, createFrameWriter } from './fast/frames.ts'
import { u32 } from './fields.ts'
import { MESSAGE_LIMITS } from './limits.ts'
import {
  type Hello,
  helloSchema,
  MESSAGES,
  type Message,
  type MinerMessage,
  type Request,
  replySchema,
  requestSchema,
} from './messages.ts'
import { scanValue } from './scan.ts'

/** What travels in one binary WebSocket message. */
export interface Frame<Body> {
  /** 0 is the listener's hello and the miner's offer; requests count from 1 without gaps, and a reply repeats its request's number. */
  readonly seq: number
  readonly body: Body
}

const helloFrame = z.strictObject({ seq: u32, body: helloSchema })
const requestFrame = z.strictObject({ seq: u32, body: requestSchema })
const replyFrame = z.strictObject({ seq: u32, body: replySchema })

const readRequest = compileFrameReader(requestFrame)
const readReply = compileFrameReader(replyFrame)
const writeFrame = createFrameWriter(MESSAGES, (body) => z.strictObject({ seq: u32, body }))

// Without records no shared structures arise between frames; copied buffers keep no large frame alive for a few bytes.
const packr = new Packr({ useRecords: false, mapsAsObjects: true, copyBuffers: true })

/**
 * @throws StarlingError INVALID_MESSAGE when the body is not a valid message, FRAME_TOO_LARGE when it does not fit
 */
export function encodeFrame(seq: number, body: Message): Uint8Array {
  const written = writeFrame(seq, body)
  if (written !== undefined) return written
  const frame = packr.pack({ seq, body: encodeBody(body) })
  if (frame.length > MESSAGE_LIMITS.frameBytes) {
    throw new StarlingError(
      'FRAME_TOO_LARGE',
      `${body.type} takes ${frame.length} bytes, and a frame holds ${MESSAGE_LIMITS.frameBytes}`,
    )
  }
  return frame
}

function encodeBody(body: Message): unknown {
  const invalid = (what: string) => new StarlingError('INVALID_MESSAGE', `cannot send ${body.type}: ${what}`)
  let encoded: ReturnType<typeof z.safeEncode>
  try {
    encoded = z.safeEncode(MESSAGES[body.type] as z.ZodType, body)
  } catch {
    // A codec may stumble over a value before zod has refused it.
    throw invalid('a field is of another kind')
  }
  if (!encoded.success) throw invalid(firstIssue(encoded.error))
  return encoded.data
}

/** What a listener sent first, in the clear. @throws StarlingError MALFORMED_FRAME, on anything but exactly one hello */
export function decodeHello(data: Uint8Array): Frame<Hello> {
  return decode(data, helloFrame)
}

/** What a validator sent. @throws StarlingError MALFORMED_FRAME, on anything but exactly one valid frame */
export function decodeRequest(data: Uint8Array): Frame<Request> {
  return (readRequest(data) as Frame<Request> | undefined) ?? decode(data, requestFrame)
}

/** What a miner sent. @throws StarlingError MALFORMED_FRAME, on anything but exactly one valid frame */
export function decodeReply(data: Uint8Array): Frame<MinerMessage> {
  return (readReply(data) as Frame<MinerMessage> | undefined) ?? decode(data, replyFrame)
}

function decode<Body>(data: Uint8Array, schema: z.ZodType<Frame<Body>>): Frame<Body> {
  if (data.length > MESSAGE_LIMITS.frameBytes) throw malformed(`${data.length} bytes`)
  // A plain view: msgpackr then gives plain Uint8Arrays, not Buffers.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const flaw = scanValue(bytes)
  if (flaw !== undefined) throw malformed(flaw)
  let value: unknown
  try {
    value = packr.unpack(bytes)
  } catch (cause) {
    throw malformed('cannot be unpacked', { cause })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw malformed(firstIssue(parsed.error))
  return parsed.data
}

function malformed(what: string, options?: ErrorOptions): StarlingError {
  return new StarlingError('MALFORMED_FRAME', `malformed frame: ${what}`, undefined, options)
}

// One issue says enough, and a peer's frame must not fill our log.
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.slice(0, 160)
}
