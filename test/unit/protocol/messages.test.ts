import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { decodeHello, decodeReply, decodeRequest, encodeFrame } from '../../../shared/protocol/codec.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import { MESSAGES, type Message } from '../../../shared/protocol/messages.ts'
import { EXAMPLES, example, REQUEST_TYPES } from './examples.ts'

const packr = new Packr({ useRecords: false })
const types = Object.keys(EXAMPLES) as Message['type'][]
const hash = new Uint8Array(32)

function isRequest(type: string): boolean {
  return REQUEST_TYPES.some((request) => request === type)
}

function decode(type: string, frame: Uint8Array) {
  if (type === 'hello') return decodeHello(frame)
  return isRequest(type) ? decodeRequest(frame) : decodeReply(frame)
}

/** What travels for a message: its fields as they are packed. */
function wire(type: Message['type']): Record<string, unknown> {
  const { body } = packr.unpack(encodeFrame(1, example(type))) as { body: Record<string, unknown> }
  return body
}

function refuses(type: Message['type'], change: Record<string, unknown>): void {
  const frame = packr.pack({ seq: 1, body: { ...wire(type), ...change } })
  expect(() => decode(type, frame)).toThrow(/malformed frame/)
}

describe.each(types)('%s', (type) => {
  it('survives the wire', () => {
    const frame = encodeFrame(5, example(type))
    expect(decode(type, frame)).toStrictEqual({ seq: 5, body: EXAMPLES[type] })
  })

  it('comes from one side only, and a hello at one time only', () => {
    const frame = encodeFrame(5, example(type))
    expect(() => (isRequest(type) ? decodeReply(frame) : decodeRequest(frame))).toThrow(/malformed/)
    expect(() => (type === 'hello' ? decodeReply(frame) : decodeHello(frame))).toThrow(/malformed/)
  })

  it('refuses unknown keys, on the way out as well', () => {
    refuses(type, { extra: 1 })
    refuses(type, { __proto: 1 })
    expect(() => encodeFrame(1, Object.assign(example(type), { extra: 1 }))).toThrow(/cannot send/)
  })

  it('refuses a missing field, nil and bytes of another length in any place', () => {
    const fields = wire(type)
    for (const [key, value] of Object.entries(fields)) {
      const { [key]: _gone, ...rest } = fields
      expect(() => decode(type, packr.pack({ seq: 1, body: rest }))).toThrow(/malformed/)
      refuses(type, { [key]: null })
      if (value instanceof Uint8Array && !['row', 'bytes'].includes(key)) {
        refuses(type, { [key]: value.subarray(1) })
        refuses(type, { [key]: new Uint8Array(value.length + 1) })
        refuses(type, { [key]: Buffer.from(value).toString('latin1') })
      }
    }
  })

  it('has a schema under its own name', () => {
    expect(MESSAGES[type].shape.type.value).toBe(type)
  })
})

describe('sketches of a reveal', () => {
  const wireOpening = { ...EXAMPLES.reveal.openings[0], sketches: new Uint8Array(64) }
  const opened = (change: object) => ({ openings: [{ ...wireOpening, ...change }] })

  it('may be none, as some models prove no states', () => {
    const none = { ...example('reveal'), openings: [] }
    expect(decodeReply(encodeFrame(1, none)).body).toStrictEqual(none)
  })

  it.each([0, 4, 31, 33, 160])('refuses %i bytes of sketches in a leaf', (bytes) => {
    refuses('reveal', opened({ sketches: new Uint8Array(bytes) }))
  })

  it('refuses more leaves than are opened, longer paths than trees have, and places that are none', () => {
    refuses('reveal', { openings: [wireOpening, wireOpening, wireOpening] })
    refuses('reveal', opened({ path: Array.from({ length: 33 }, () => new Uint8Array(32)) }))
    refuses('reveal', opened({ index: -1 }))
    refuses('reveal', opened({ index: 0.5 }))
    refuses('reveal', opened({ extra: 1 }))
  })

  it('carries numbers to the bit, whatever they are worth', () => {
    const strange = Float32Array.from([Number.NaN, -0, Infinity, 1e-45, 3.4e38, 0.1, -1, 2])
    const message = example('reveal')
    message.openings[0]!.sketches = strange
    const { body } = decodeReply(encodeFrame(1, message))
    expect((body as typeof message).openings[0]!.sketches).toStrictEqual(strange)
  })
})

describe('bounds', () => {
  it.each([Number.NaN, Infinity, -1, 11, '1'])('refuses temperature %s', (temperature) => {
    refuses('challenge', { sampling: { ...EXAMPLES.challenge.sampling, temperature } })
  })

  it.each([
    ['challenge', { round: -1 }],
    ['challenge', { round: 2 ** 32 }],
    ['challenge', { round: 1.5 }],
    ['challenge', { deadlineMs: 0 }],
    ['challenge', { sampling: { ...EXAMPLES.challenge.sampling, topP: 0 } }],
    ['challenge', { sampling: { ...EXAMPLES.challenge.sampling, topK: -1 } }],
    [
      'challenge',
      { sampling: { ...EXAMPLES.challenge.sampling, maxTokens: MESSAGE_LIMITS.answerTokens + 1 } },
    ],
    ['challenge', { sampling: { ...EXAMPLES.challenge.sampling, seed: 1 } }],
    // Two bytes a character: half of the limit in characters, plus one.
    ['challenge', { prompt: 'é'.repeat(MESSAGE_LIMITS.promptBytes / 2 + 1) }],
    ['judge', { answers: ['one'] }],
    ['judge', { answers: Array(MESSAGE_LIMITS.judgedAnswers + 1).fill('a') }],
    ['reveal', { tokens: [1, 2, 3] }],
    ['reveal', { tokens: new Uint8Array(0) }],
    ['reveal', { tokens: new Uint8Array(4 * MESSAGE_LIMITS.answerTokens + 4) }],
    ['reveal', { finish: 'eos' }],
    ['reveal', { executionClass: 'a b' }],
    ['reveal', { executionClass: 'x'.repeat(65) }],
    ['judge', { method: 'guess' }],
    ['judge', { temperature: 0 }],
    ['judge', { deadlineMs: 0 }],
    ['judge', { maxTokens: MESSAGE_LIMITS.verdictTokens + 1 }],
    ['verdict', { given: { method: 'likelihood', scores: packedScores([1, Number.NaN]) } }],
    ['verdict', { given: { method: 'likelihood', scores: packedScores([1, Infinity]) } }],
    ['verdict', { given: { method: 'likelihood', scores: packedScores([1]) } }],
    ['verdict', { given: { method: 'prompted', scores: packedScores([1, 2]) } }],
    ['verdict', { given: { method: 'prompted', verdicts: new Uint8Array(0) } }],
    // A length without its tokens, and one that no verdict may have.
    ['verdict', { given: { method: 'prompted', verdicts: Uint8Array.of(1, 0, 0, 0) } }],
    ['verdict', { given: { method: 'prompted', verdicts: new Uint8Array(1 + 4 * 129).fill(129, 0, 1) } }],
    ['verdict', { given: { method: 'prompted', verdicts: new Uint8Array(MESSAGE_LIMITS.verdicts + 1) } }],
    ['receipt', { row: new Uint8Array(MESSAGE_LIMITS.rowBytes + 1) }],
    ['receipt', { path: Array(MESSAGE_LIMITS.pathHashes + 1).fill(hash) }],
    ['offer', { models: [] }],
    ['offer', { models: Array(9).fill(EXAMPLES.offer.models[0]) }],
    ['offer', { models: [{ ...EXAMPLES.offer.models[0], owner: 'x' }] }],
    ['refusal', { code: 'busy' }],
    ['refusal', { message: 'x'.repeat(201) }],
    ['refusal', { message: 'red \u001b[31m' }],
  ] as const)('refuses %s with %j', (type, change) => {
    refuses(type, change)
  })

  it.each([-1, 1.5, 2 ** 32, '1', null])('refuses seq %s', (seq) => {
    expect(() => decodeReply(packr.pack({ seq, body: { type: 'ack' } }))).toThrow(/malformed/)
  })

  it('sends nothing that the peer would refuse', () => {
    const half = { ...example('judge'), answers: ['fine', '\ud800'] }
    expect(() => encodeFrame(1, half)).toThrow(/well-formed/)
    expect(() =>
      encodeFrame(1, { ...example('verdict'), given: { method: 'likelihood', scores: [1, Number.NaN] } }),
    ).toThrow(/cannot send/)
    expect(() => encodeFrame(1, { ...example('reveal'), tokens: [2 ** 32] })).toThrow(/cannot send/)
    const given = (verdicts: number[][]) => ({
      ...example('verdict'),
      given: { method: 'prompted' as const, verdicts },
    })
    expect(() => encodeFrame(1, given([[2 ** 32]]))).toThrow(/cannot send/)
    expect(() => encodeFrame(1, given([Array<number>(129).fill(1)]))).toThrow(/cannot send/)
    expect(() => encodeFrame(1, given(Array<number[]>(95).fill([])))).toThrow(/cannot send/)
    const most = given(Array<number[]>(94).fill(Array<number>(128).fill(0xffffffff)))
    expect(decodeReply(encodeFrame(1, most)).body).toStrictEqual(most)
    const answers = Array<string>(32).fill('x'.repeat(MESSAGE_LIMITS.answerBytes))
    expect(() => encodeFrame(1, { ...example('judge'), answers })).toThrow(/a frame holds 262144/)
  })
})

function packedScores(scores: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(scores).buffer)
}
