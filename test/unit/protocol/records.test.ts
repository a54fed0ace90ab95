import { describe, expect, it } from 'vitest'
import { createKeyExchange } from '../../../shared/protocol/key-exchange.ts'
import { framesOf, RECORD_OVERHEAD } from '../../../shared/protocol/records.ts'

const transcript = { upgrade: Uint8Array.of(1, 2, 3), hello: new Uint8Array(32).fill(4) }
const BAD = expect.objectContaining({ code: 'BAD_RECORD' })

/** Both ends of one connection. */
function ends(listenersTranscript = transcript) {
  const [ours, theirs] = [createKeyExchange(), createKeyExchange()]
  return {
    dialler: ours.records(theirs.publicKey, transcript, 'dialler'),
    listener: theirs.records(ours.publicKey, listenersTranscript, 'listener'),
  }
}

const frame = (...bytes: number[]) => Uint8Array.from(bytes)
const list = (plain: Uint8Array) => [...framesOf(plain)].map((one) => [...one])

describe('records', () => {
  it('carry frames both ways, as many as there are', () => {
    const { dialler, listener } = ends()
    expect(list(listener.open(dialler.seal([frame(1), frame(2, 3)])))).toStrictEqual([[1], [2, 3]])
    expect(list(listener.open(dialler.seal([frame()])))).toStrictEqual([[]])
    expect(list(dialler.open(listener.seal([frame(9)])))).toStrictEqual([[9]])
    expect(dialler.seal([new Uint8Array(1000)])).toHaveLength(1000 + RECORD_OVERHEAD)
  })

  it('show nothing of what they carry, and never look alike', () => {
    const { dialler } = ends()
    const text = new TextEncoder().encode('a prompt that is nobody else’s business')
    const [first, second] = [dialler.seal([text]), dialler.seal([text])]
    expect(Buffer.from(first).includes(Buffer.from(text.subarray(0, 8)))).toBe(false)
    expect(first).not.toStrictEqual(second)
  })

  it.each([
    ['whose bits were turned', (records: Uint8Array[]) => [turned(records[0]!, 0)]],
    ['whose tag was turned', (records: Uint8Array[]) => [turned(records[0]!, records[0]!.length - 1)]],
    ['that was cut', (records: Uint8Array[]) => [records[0]!.subarray(0, -1)]],
    ['that is shorter than a tag', () => [frame(1, 2, 3)]],
    ['that comes twice', (records: Uint8Array[]) => [records[0]!, records[0]!]],
    ['behind one that was left out', (records: Uint8Array[]) => [records[1]!]],
    ['of the other direction', (_: Uint8Array[], own: Uint8Array) => [own]],
  ])('do not open one %s', (_what, arriving) => {
    const { dialler, listener } = ends()
    const sent = [dialler.seal([frame(1)]), dialler.seal([frame(2)])]
    const records = arriving(sent, listener.seal([frame(1)]))
    for (const record of records.slice(0, -1)) listener.open(record)
    expect(() => listener.open(records.at(-1)!)).toThrow(BAD)
  })

  it.each([
    ['upgrade', { ...transcript, upgrade: Uint8Array.of(1, 2, 4) }],
    ['hello', { ...transcript, hello: new Uint8Array(32).fill(5) }],
  ])('do not open where the two sides signed another %s', (_what, other) => {
    const { dialler, listener } = ends(other)
    expect(() => listener.open(dialler.seal([frame(1)]))).toThrow(BAD)
  })

  it('do not open on another connection of the same two', () => {
    expect(() => ends().listener.open(ends().dialler.seal([frame(1)]))).toThrow(BAD)
  })
})

describe('the frames of a record', () => {
  it.each([
    ['nothing', ''],
    ['half a length', '010000'],
    ['less than a length says', '0200000001'],
    ['a rest', '010000000102'],
    ['a length beyond all bounds', 'ffffffff01'],
  ])('are none where it holds %s', (_what, hex) => {
    expect(() => list(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(/malformed record/)
  })
})

describe('keys', () => {
  it.each([
    ['zero', 0],
    ['one', 1],
  ])('of small order agree on nothing: %s', (_what, lowest) => {
    const point = new Uint8Array(32)
    point[0] = lowest
    const agree = () => createKeyExchange().records(point, transcript, 'listener')
    expect(agree).toThrow(expect.objectContaining({ code: 'BAD_KEY' }))
  })
})

function turned(record: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(record)
  copy[at] = copy[at]! ^ 1
  return copy
}
