import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptReceipt } from '../../../miner/receipts/accept-receipt.ts'
import {
  KEPT,
  readKept,
  receiptPath,
  receiptSources,
  writeKept,
} from '../../../miner/receipts/receipt-file.ts'
import type { Commitment } from '../../../shared/chain/chain-client.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { encodeAnchor } from '../../../shared/proof/anchor.ts'
import type { RowReceipt } from '../../../shared/proof/receipt.ts'
import type { Receipt } from '../../../shared/protocol/messages.ts'
import { MINER, makeReceipt, makeRow, VALIDATOR } from '../../support/receipts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = () => receiptPath(folder, VALIDATOR.address)
const message = (receipt: RowReceipt): Receipt => ({ type: 'receipt', ...receipt, path: [...receipt.path] })
const anchorOf = (round: number): Commitment => ({
  block: round * 10,
  data: encodeAnchor({ round, commits: new Uint8Array(32), previous: undefined }),
})

function accept(receipt: RowReceipt, change: { folder?: string; anchor?: Commitment } = {}) {
  const noted = Promise.resolve(change.anchor)
  acceptReceipt(message(receipt), VALIDATOR.address, {
    hotkey: MINER.address,
    folder: change.folder ?? folder,
    anchorOf: () => noted,
    log: silentLog(),
  })
  // Whatever follows from the anchor has had its turn after this.
  return noted.then(() => new Promise((resolve) => setImmediate(resolve)))
}

describe('a receipt', () => {
  it('is kept as it came, with the anchor of the chain', async () => {
    const [first, second] = [makeReceipt(7), makeReceipt(8)]
    await accept(first, { anchor: anchorOf(7) })
    await accept(second, { anchor: anchorOf(8) })
    expect(readKept(path())).toEqual({ receipts: [first, second], anchors: [anchorOf(7), anchorOf(8)] })
    expect(receiptSources(folder)).toEqual([VALIDATOR.address])
    expect(readdirSync(join(folder, 'receipts'))).toEqual([`${VALIDATOR.address}.jsonl`])
  })

  it('is kept once, as is an anchor that stands there still', async () => {
    await accept(makeReceipt(7), { anchor: anchorOf(7) })
    await accept(makeReceipt(7), { anchor: anchorOf(8) })
    await accept(makeReceipt(8), { anchor: anchorOf(7) })
    const { receipts, anchors } = readKept(path())
    expect([receipts.map(({ round }) => round), anchors]).toEqual([[7, 8], [anchorOf(7)]])
  })

  it('is kept beside another of its round with another root', async () => {
    await accept(makeReceipt(7))
    await accept(makeReceipt(7, makeRow({ score: 0 })))
    expect(readKept(path()).receipts).toHaveLength(2)
  })

  it.each([
    ['of another miner', () => makeReceipt(7, makeRow({ hotkey: VALIDATOR.address }))],
    ['with another row', () => ({ ...makeReceipt(7), row: new TextEncoder().encode('{}') })],
    ['of another round', () => ({ ...makeReceipt(7), round: 8 })],
    ['whose row is no row', () => makeReceipt(7, { hotkey: MINER.address } as never)],
  ])('%s is refused, and not kept', (_, make) => {
    expect(() => accept(make())).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
    expect(existsSync(path())).toBe(false)
  })

  it('is acknowledged even where it can’t be kept', async () => {
    const blocked = join(folder, 'file')
    writeFileSync(blocked, '')
    await accept(makeReceipt(7), { folder: blocked, anchor: anchorOf(7) })
    expect(existsSync(path())).toBe(false)
  })
})

describe('the file of a validator', () => {
  it('holds so many, the newest', () => {
    const one = makeReceipt(0)
    const receipts = Array.from({ length: KEPT + 3 }, (_, round) => ({ ...one, round }))
    const anchors = Array.from({ length: KEPT + 2 }, (_, block) => ({ block, data: Uint8Array.of(1) }))
    writeKept(path(), { receipts, anchors })
    const kept = readKept(path())
    expect([kept.receipts.length, kept.anchors.length]).toEqual([KEPT, KEPT])
    expect([kept.receipts[0]?.round, kept.anchors[0]?.block]).toEqual([3, 2])
  })

  it('says at which line it is damaged', () => {
    writeKept(path(), { receipts: [makeReceipt(1)], anchors: [] })
    appendFileSync(path(), '{"kind":"anchor","block":-1,"data":"0x"}\n')
    expect(() => readKept(path())).toThrow(expect.objectContaining({ code: 'RECEIPTS_DAMAGED' }))
    expect(() => readKept(path())).toThrow(/line 2: block/)
  })
})
