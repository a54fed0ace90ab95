import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { decodeReply, decodeRequest, encodeFrame } from '../../../shared/protocol/codec.ts'
import { MESSAGE_LIMITS } from '../../../shared/protocol/limits.ts'
import { scanValue } from '../../../shared/protocol/scan.ts'
import { EXAMPLES, example } from './examples.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('scanValue', () => {
  it.each([
    ['nil', 'c0'],
    ['an integer', 'cf ffffffffffffffff'],
    ['a float', 'cb 7ff8000000000000'],
    ['binary', 'c4 02 ffff'],
    ['text', 'a2 c3a9'],
    ['an empty map', '80'],
    ['an empty array at the end', '92 01 90'],
    ['a map of maps', '82 a161 81 a162 01 a163 92 01 02'],
    ['long headers', 'df 00000001 db 00000001 61 dd 00000001 c6 00000000'],
  ])('takes %s', (_what, hex) => {
    expect(scanValue(bytes(hex))).toBeUndefined()
  })

  it.each([
    ['nothing', '', /cut short/],
    ['a record extension', 'd4 72 40', /0xd4/],
    ['a date', 'd6 ff 00000000', /0xd6/],
    ['an ext 8', 'c7 01 72 40', /0xc7/],
    ['the unused type', 'c1', /0xc1/],
    ['a number as key', '81 01 01', /not text/],
    ['a map as key', '81 80 01', /not text/],
    ['the same key twice', '82 a161 01 a161 02', /twice/],
    ['text that is not UTF-8', 'a2 fffe', /UTF-8/],
    ['an encoded surrogate', 'a3 eda080', /UTF-8/],
    ['missing payload', 'c4 05 00', /cut short/],
    ['a missing size', 'c5 00', /cut short/],
    ['missing elements', '92 01', /cut short/],
    ['two values', '01 02', /after/],
    ['four billion entries', 'dd ffffffff', /entries/],
    ['a map of 65 entries', 'de 0041', /entries/],
  ])('refuses %s', (_what, hex, flaw) => {
    expect(scanValue(bytes(hex))).toMatch(flaw)
  })

  it('stops at the nesting limit, however deep the value is', () => {
    const nested = (depth: number) => Uint8Array.from([...Array(depth).fill(0x91), 0xc0])
    expect(scanValue(nested(MESSAGE_LIMITS.nesting))).toBeUndefined()
    expect(scanValue(nested(MESSAGE_LIMITS.nesting + 1))).toMatch(/nested/)
    expect(scanValue(nested(MESSAGE_LIMITS.frameBytes - 1))).toMatch(/nested/)
  })
})

describe('frames', () => {
  it('give bytes and text of their own, not views into the frame', () => {
    const frame = encodeFrame(1, example('commit'))
    const { body } = decodeReply(frame)
    frame.fill(0)
    expect(body).toStrictEqual(EXAMPLES.commit)
    if (body.type === 'commit') expect(body.digest.buffer.byteLength).toBe(32)
  })

  it('are read from any offset of a larger buffer', () => {
    const frame = encodeFrame(1, example('reveal'))
    for (let offset = 0; offset < 4; offset++) {
      const large = Buffer.alloc(frame.length + 8, 0xc1)
      large.set(frame, offset)
      const { body } = decodeReply(large.subarray(offset, offset + frame.length))
      expect(body).toStrictEqual(EXAMPLES.reveal)
    }
  })

  it('may not carry msgpackr records, which its own decoder would build', () => {
    const withRecords = new Packr({ useRecords: true }).pack({ seq: 1, body: { type: 'ack' } })
    expect(() => decodeReply(withRecords)).toThrow(/malformed frame: type 0xd4/)
  })

  it('may not exceed the limit or end early', () => {
    expect(() => decodeRequest(new Uint8Array(MESSAGE_LIMITS.frameBytes + 1))).toThrow(/262145 bytes/)
    const frame = encodeFrame(1, example('challenge'))
    for (let length = 0; length < frame.length; length++) {
      expect(() => decodeRequest(frame.subarray(0, length))).toThrow(/malformed/)
    }
  })
})
