import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../../../shared/process/errors.ts'
import { decodeReply, decodeRequest, encodeFrame } from '../../../shared/protocol/codec.ts'
import type { MinerMessage, Request } from '../../../shared/protocol/messages.ts'
import { EXAMPLES, example, REQUEST_TYPES } from '../../unit/protocol/examples.ts'

const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hash = fixed(32)
const signature = fixed(64)
// Decoded objects are plain ones.
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true })
const u32 = fc.nat(0xffffffff)
const text = fc.string({ unit: 'binary', maxLength: 200 })
const name = fc.stringMatching(/^[\x21-\x7e]{1,64}$/)
const typed = <T extends string>(type: T) => fc.constant(type)

const request: fc.Arbitrary<Request> = fc.oneof(
  record({
    type: typed('challenge'),
    id: hash,
    round: u32,
    prompt: text,
    model: hash,
    sampling: record({
      temperature: fc.double({ min: 0, max: 10, noNaN: true }).map((value) => value + 0),
      topK: fc.nat(0xffff),
      topP: fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }),
      maxTokens: fc.integer({ min: 1, max: 4096 }),
    }),
    deadlineMs: fc.integer({ min: 1, max: 600_000 }),
  }),
  record({ type: typed('reveal-request'), id: hash, beacon: hash }),
  record({
    type: typed('judge'),
    id: hash,
    round: u32,
    prompt: text,
    answers: fc.array(text, { minLength: 2, maxLength: 32 }),
    method: fc.constantFrom('likelihood' as const, 'prompted' as const),
    temperature: fc.double({ min: 0, minExcluded: true, max: 10, noNaN: true }),
    maxTokens: fc.integer({ min: 1, max: 128 }),
    deadlineMs: fc.integer({ min: 1, max: 600_000 }),
  }),
  record({ type: typed('verdict-request'), id: hash }),
  record({
    type: typed('receipt'),
    round: u32,
    row: fc.uint8Array({ minLength: 1, maxLength: 4096 }),
    index: u32,
    count: u32,
    path: fc.array(hash, { maxLength: 32 }),
    root: hash,
    signature,
  }),
)

const leafSketches = fc
  .integer({ min: 1, max: 4 })
  .chain((rows) => fc.float32Array({ minLength: 8 * rows, maxLength: 8 * rows }))
const opening = record({ index: u32, sketches: leafSketches, path: fc.array(hash, { maxLength: 32 }) })

const revealed = {
  type: typed('reveal'),
  id: hash,
  tokens: fc.array(u32, { minLength: 1, maxLength: 4096, size: 'max' }),
  text,
  salt: hash,
  openings: fc.array(opening, { maxLength: 2 }),
  finish: fc.constantFrom('stop' as const, 'length' as const),
  executionClass: name,
  model: hash,
}

const reply: fc.Arbitrary<MinerMessage> = fc.oneof(
  record({
    type: typed('offer'),
    models: fc.array(record({ name, hash, executionClass: name }), { minLength: 1, maxLength: 8 }),
  }),
  record({ type: typed('commit'), id: hash, digest: hash, signature }),
  record(revealed),
  record({ type: typed('verdict-commit'), id: hash, digest: hash, signature }),
  record({
    type: typed('verdict'),
    id: hash,
    given: fc.oneof(
      record({
        method: typed('likelihood'),
        scores: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 2,
          maxLength: 32,
        }),
      }),
      record({
        method: typed('prompted'),
        verdicts: fc.array(fc.array(u32, { maxLength: 128 }), { minLength: 1, maxLength: 94 }),
      }),
    ),
    salt: hash,
  }),
  record({ type: typed('ack') }),
  record({ type: typed('refusal'), code: fc.constantFrom('BUSY', 'X9_'), message: fc.string() }),
)

describe('frames', () => {
  it('carry every request unchanged', () => {
    fc.assert(
      fc.property(u32, request, (seq, body) => {
        expect(decodeRequest(encodeFrame(seq, body))).toStrictEqual({ seq, body })
      }),
    )
  })

  it('carry every reply unchanged', () => {
    fc.assert(
      fc.property(u32, reply, (seq, body) => {
        expect(decodeReply(encodeFrame(seq, body))).toStrictEqual({ seq, body })
      }),
    )
  })

  it('give one kind of error on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => onlyMalformed(bytes)),
      { numRuns: 2000 },
    )
  })

  it('give one kind of error, or a message, on damaged frames', () => {
    const frames = [
      ...REQUEST_TYPES.map((type) => encodeFrame(1, example(type))),
      ...(Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[]).map((type) => encodeFrame(1, example(type))),
    ]
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...frames), damage, (frame, changes) => {
        const damaged = Uint8Array.from(frame)
        for (const [at, value] of changes) damaged[at % damaged.length] = value
        onlyMalformed(damaged)
      }),
      { numRuns: 3000 },
    )
  })
})

function onlyMalformed(bytes: Uint8Array): void {
  for (const decode of [decodeRequest, decodeReply]) {
    try {
      decode(bytes)
    } catch (error) {
      if (!hasCode(error, 'MALFORMED_FRAME')) throw error
    }
  }
}
