import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeReply, decodeRequest, encodeFrame } from '../../../shared/protocol/codec.ts'
import { compileFrameReader, createFrameWriter } from '../../../shared/protocol/fast/frames.ts'
import { compileRead } from '../../../shared/protocol/fast/read.ts'
import { compileWrite } from '../../../shared/protocol/fast/write.ts'
import { u32 } from '../../../shared/protocol/fields.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import { MESSAGES, type Message, replySchema, requestSchema } from '../../../shared/protocol/messages.ts'
import { scanValue } from '../../../shared/protocol/scan.ts'
import { EXAMPLES } from '../../unit/protocol/examples.ts'

const packr = new Packr({ useRecords: false, mapsAsObjects: true, copyBuffers: true })
const requestFrame = z.strictObject({ seq: u32, body: requestSchema })
const replyFrame = z.strictObject({ seq: u32, body: replySchema })
const read = { request: compileFrameReader(requestFrame), reply: compileFrameReader(replyFrame) }
const write = createFrameWriter(MESSAGES, (body) => z.strictObject({ seq: u32, body }))

/** What a frame is by the scan, msgpackr and the schemas alone. */
function slowly(bytes: Uint8Array, schema: z.ZodType): unknown {
  const plain = new Uint8Array(bytes)
  if (plain.length > MESSAGE_LIMITS.frameBytes || scanValue(plain) !== undefined) return undefined
  try {
    return schema.safeParse(packr.unpack(plain)).data
  } catch {
    return undefined
  }
}

function orUndefined<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

/** Both ways agree on what a frame is, and the fast one takes nothing that the other refuses. @returns whether it took it */
function bothWays(bytes: Uint8Array): boolean {
  const request = slowly(bytes, requestFrame)
  const reply = slowly(bytes, replyFrame)
  expect(orUndefined(() => decodeRequest(bytes))).toStrictEqual(request)
  expect(orUndefined(() => decodeReply(bytes))).toStrictEqual(reply)
  const [fastRequest, fastReply] = [read.request(bytes), read.reply(bytes)]
  if (fastRequest !== undefined) expect(fastRequest).toStrictEqual(request)
  if (fastReply !== undefined) expect(fastReply).toStrictEqual(reply)
  return fastRequest !== undefined || fastReply !== undefined
}

/** What the schemas and msgpackr make of a message, and what our encoder does. */
function bothWaysOut(seq: number, body: Message): void {
  const encode = () => z.encode(MESSAGES[body.type] as z.ZodType, body)
  const slow = orUndefined(() => Uint8Array.from(packr.pack({ seq, body: encode() })))
  const fast = write(seq, body)
  if (fast !== undefined) expect(Uint8Array.from(fast)).toStrictEqual(slow)
  const sent = orUndefined(() => encodeFrame(seq, body))
  expect(sent && Uint8Array.from(sent)).toStrictEqual(slow)
}

const messages = Object.values(EXAMPLES) as unknown as Message[]
const message = fc.constantFrom(...messages)
const seq = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536))

/** Values at and beyond the edges of every field. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    false,
    '',
    {},
    [],
    -1,
    -0,
    0.5,
    1,
    127,
    128,
    255,
    256,
    4_096,
    4_097,
  ),
  fc.constantFrom<unknown>(
    65_535,
    65_536,
    600_000,
    600_001,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53,
    Number.NaN,
    Infinity,
  ),
  fc.constantFrom('\ud800', 'a b', 'é', '\ufeffx', '\u0000', 'stop', 'likelihood', 'commit', 'BUSY', '�'),
  fc.nat(70_000).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .constantFrom(0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 4_096, 4_097)
    .map((length) => new Uint8Array(length).fill(7)),
  fc.array(fc.constantFrom<unknown>(1, -1, 2 ** 32, 'a', new Uint8Array(32)), { maxLength: 66 }),
  fc.float32Array({ maxLength: 40 }),
  fc.double(),
)

/** Lengths at which lists are too long: of openings, models, pins, indices, hashes and entries at all. */
const TOO_MANY = [3, 9, 13, 17, 33, 65]

/** One place in a message, somewhere, is given another value, loses it, or gets a field more; a list gets longer. */
function change(root: unknown, choices: readonly number[], value: unknown, how: number): void {
  let at = root as Record<string, unknown>
  for (const choice of choices) {
    const keys = Object.keys(at)
    const inner = keys.length === 0 ? undefined : at[keys[choice % keys.length]!]
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) break
    at = inner as Record<string, unknown>
  }
  const keys = Object.keys(at)
  const key = keys[(choices.at(-1) ?? 0) % Math.max(1, keys.length)] ?? 'x'
  if (Array.isArray(at) && how > 1) {
    while (at.length < TOO_MANY[choices[0]! % TOO_MANY.length]!) at.push(at[0])
  } else if (how % 4 === 0) delete at[key]
  else if (how % 4 === 1) at.more = value
  else at[key] = value
}

const changes = fc.array(fc.tuple(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), odd, fc.nat(3)), {
  minLength: 1,
  maxLength: 2,
})

describe('the fast way through the codec', () => {
  it.each(Object.entries(MESSAGES))('knows %s', (_type, schema) => {
    expect(compileRead(schema)).toBeDefined()
    expect(compileWrite(schema)).toBeDefined()
  })

  it('takes every example, and writes what msgpackr writes', () => {
    fc.assert(
      fc.property(seq, message, (number, body) => {
        bothWaysOut(number, body)
        expect(bothWays(encodeFrame(number, body))).toBe(body.type !== 'hello')
        expect(write(number, body)).toBeDefined()
      }),
    )
  })

  it('sends nothing that the schemas refuse, and all that they take', () => {
    fc.assert(
      fc.property(seq, message, changes, (number, original, places) => {
        const body = structuredClone(original)
        const { type } = body
        for (const [path, value, how] of places) change(body, path, value, how)
        if (body.type === type) bothWaysOut(number, body)
      }),
      { numRuns: 700 },
    )
  })

  it('takes nothing that the schemas refuse', () => {
    const packed = (body: Message) => z.encode(MESSAGES[body.type] as z.ZodType, body)
    fc.assert(
      fc.property(seq, message, changes, fc.boolean(), (number, body, places, isTurned) => {
        const frame: Record<string, unknown> = { seq: number, body: packed(body) }
        for (const [path, value, how] of places) change(frame, path, value, how)
        const turned = isTurned ? Object.fromEntries(Object.entries(frame).reverse()) : frame
        bothWays(Uint8Array.from(packr.pack(turned)))
      }),
      { numRuns: 700 },
    )
  })

  it('takes nothing from damaged frames that the schemas refuse', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(message, damage, fc.nat(3), (body, bytes, cut) => {
        const frame = Uint8Array.from(encodeFrame(300, body))
        for (const [at, value] of bytes) frame[at % frame.length] = value
        bothWays(frame.subarray(0, frame.length - (cut === 0 ? 1 : 0)))
        bothWays(Uint8Array.from([...frame, ...new Uint8Array(cut === 1 ? 1 : 0)]))
      }),
      { numRuns: 800 },
    )
  })

  it('refuses a frame that is too long, however good', () => {
    const answers = Array.from({ length: 9 }, () => 'x'.repeat(MESSAGE_LIMITS.answerBytes))
    const frame = packr.pack({ seq: 1, body: { ...EXAMPLES.judge, answers } })
    expect(frame.length).toBeGreaterThan(MESSAGE_LIMITS.frameBytes)
    expect(read.request(frame)).toBeUndefined()
    expect(() => decodeRequest(frame)).toThrow(/bytes/)
  })

  it('gives frames that later ones leave alone', () => {
    const frames = Array.from({ length: 200 }, (_, i) =>
      encodeFrame(i, structuredClone(messages[i % messages.length]!)),
    )
    for (const [i, frame] of frames.entries()) {
      expect(Uint8Array.from(frame)).toStrictEqual(
        Uint8Array.from(encodeFrame(i, messages[i % messages.length]!)),
      )
    }
  })
})
