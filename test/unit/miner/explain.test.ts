import { describe, expect, it } from 'vitest'
import { chooseReceipt } from '../../../miner/explain/choose-receipt.ts'
import { explainReceipt, renderExplanation } from '../../../miner/explain/explain.ts'
import { checkAnchored, type ProofSources } from '../../../miner/explain/proof.ts'
import { checkPublished } from '../../../miner/explain/published.ts'
import { checkFormula } from '../../../miner/explain/score.ts'
import type { Commitment } from '../../../shared/chain/chain-client.ts'
import { encodeAnchor } from '../../../shared/proof/anchor.ts'
import { makeReceipts } from '../../../shared/proof/receipt.ts'
import { MINER, makeReceipt, makeRow, VALIDATOR } from '../../support/receipts.ts'

const ZERO = new Uint8Array(32)
const receipt = makeReceipt(7)
const nothing: ProofSources = {
  validator: VALIDATOR.address,
  receipts: [receipt],
  noted: [],
  chain: undefined,
}

/** The anchor of a round, as a commitment. */
function anchored(round: number, previous?: { round: number; rows?: Uint8Array }): Commitment {
  const before = previous && { round: previous.round, rows: previous.rows ?? receipt.root, seal: ZERO }
  return { block: round * 25, data: encodeAnchor({ round, commits: ZERO, previous: before }) }
}

describe('the formula of a row', () => {
  it.each([
    ['what its parts make', makeRow(), 'pass'],
    [
      'shared by a coldkey',
      makeRow({ score: 0.217, terms: { ...makeRow().terms!, coldkeyShare: 0.5 } }),
      'pass',
    ],
    ['withheld with a reason', makeRow({ score: 0, reasons: ['penalised until round 9'] }), 'pass'],
    ['withheld without one', makeRow({ score: 0 }), 'fail'],
    ['more than it makes', makeRow({ score: 0.5 }), 'fail'],
    ['of an answer worth more than its parts', makeRow({ answer: 0.49, score: 0.8 * 0.49 + 0.05 }), 'fail'],
    ['without its numbers', makeRow({ terms: undefined }), 'open'],
  ])('is held against the score: %s', (_, row, verdict) => {
    expect(checkFormula(row).verdict).toBe(verdict)
  })
})

describe('what a row says of its judging', () => {
  const judging = { completed: 3, asked: 4, verdicts: 30, replayed: 3, mismatched: 1, canaries: 2, obeyed: 1 }
  const shown = (row = makeRow()) =>
    renderExplanation(explainReceipt(makeReceipt(7, row), { ...nothing, receipts: [makeReceipt(7, row)] }))

  it('is one line, where it judged', () => {
    expect(shown(makeRow({ judging: { ...judging, trust: 1.234 } }))).toContain(
      'judging  3 of 4 challenges, 30 verdicts, 3 of them replayed, 1 wrongly given; 1 of 2 planted answers preferred; trust 1.23 nats',
    )
    expect(shown(makeRow({ judging: { ...judging, canaries: 0, trust: 0 } }))).not.toContain('planted')
    expect(shown()).not.toContain('judging')
  })
})

describe('the anchor of the next round', () => {
  it.each<[string, Partial<ProofSources>, string, RegExp]>([
    ['with the root', { chain: anchored(8, { round: 7 }) }, 'pass', /round 8 carries .* in block 200/],
    [
      'noted in time',
      { noted: [anchored(8, { round: 7 })], chain: anchored(10, { round: 9 }) },
      'pass',
      /noted/,
    ],
    ['with another root', { chain: anchored(8, { round: 7, rows: ZERO }) }, 'fail', /another root/],
    [
      'with another root than was noted',
      { chain: anchored(8, { round: 7 }), noted: [anchored(8, { round: 7, rows: ZERO })] },
      'fail',
      /another root/,
    ],
    [
      'that leaves the round out',
      { chain: anchored(9, { round: 6 }) },
      'fail',
      /lost this round, or denies it/,
    ],
    ['that knows no round', { chain: anchored(9) }, 'fail', /names none/],
    ['to come', { chain: anchored(7, { round: 6 }) }, 'open', /will carry .* newest is of round 7/],
    ['replaced', { chain: anchored(12, { round: 11 }) }, 'open', /did not note it/],
    ['that is none', { chain: { block: 3, data: ZERO } }, 'open', /no anchor of this validator/],
    ['not asked for', { chain: '--no-chain' }, 'open', /not asked: --no-chain/],
  ])('%s', (_, sources, verdict, detail) => {
    const line = checkAnchored(receipt, { ...nothing, ...sources })
    expect(line).toEqual({ name: 'on the chain', verdict, detail: expect.stringMatching(detail) })
  })
})

describe('an explanation', () => {
  it('holds while nothing speaks against the receipt', () => {
    const explained = explainReceipt(receipt, nothing)
    expect(explained.ok).toBe(true)
    expect(explained.checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'formula pass',
      'signed pass',
      'one root pass',
      'on the chain open',
    ])
  })

  it('does not hold where the file was changed, or two roots were signed', () => {
    const changed = { ...receipt, row: new TextEncoder().encode(JSON.stringify(makeRow({ uid: 4 }))) }
    expect(explainReceipt(changed, nothing).checks[1]).toMatchObject({ name: 'signed', verdict: 'fail' })
    const other = makeReceipt(7, makeRow({ uid: 4 }))
    const twice = explainReceipt(receipt, { ...nothing, receipts: [receipt, other] })
    expect(twice.checks[2]).toMatchObject({ name: 'one root', verdict: 'fail' })
    expect(twice.ok).toBe(false)
  })

  it('shows the formula with its numbers, and every reason', () => {
    const row = makeRow({ score: 0, penalisedUntil: 17, reasons: ['penalised until round 17'] })
    const text = renderExplanation(explainReceipt(makeReceipt(7, row), nothing))
    expect(text).toContain('0.800 · 0.480 + 0.200 · 0.250 = 0.434')
    expect(text).toContain('verified · quality = 0.800 · 0.600 = 0.480')
    expect(text).toContain('9 accepted, 0 rejected, 0 inconclusive, 1 missed')
    expect(text).toContain('no score before round 17')
    expect(text).toContain('  - penalised until round 17')
  })
})

describe('a published round', () => {
  const rows = [makeRow({ hotkey: 'other', score: 0.9 }), makeRow()]
  const of = (lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const lines = (change = {}, all = rows) => [
    { kind: 'round', format: 'x', round: 7, validator: VALIDATOR.address, ...change },
    { kind: 'previous', previous: null },
    ...all.map((row) => ({ kind: 'row', row })),
  ]
  const signed = makeReceipts(
    { round: 7, rows: rows.map((row) => new TextEncoder().encode(JSON.stringify(row))) },
    VALIDATOR.sign,
  )[1]!
  const check = (text: string) =>
    checkPublished(text, signed, { validator: VALIDATOR.address, hotkey: MINER.address })

  it('shows the place among all', () => {
    expect(check(of(lines()))).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(/^place 2 of 2, the best earned 0\.900/),
    })
  })

  it.each([
    ['of another round', of(lines({ round: 8 })), /of round 8/],
    ['of another validator', of(lines({ validator: 'v' })), /of v:/],
    ['with another row', of(lines({}, [rows[0]!, makeRow({ uid: 4 })])), /other rows/],
    ['that is none', 'no\n', /no published round/],
  ])('%s does not pass', (_, text, detail) => {
    expect(check(text)).toMatchObject({ verdict: 'fail', detail: expect.stringMatching(detail) })
  })
})

describe('which receipt', () => {
  const kept = new Map([['v', { receipts: [makeReceipt(3), makeReceipt(5)], anchors: [] }]])

  it('is the newest, or that of the round that is named', () => {
    expect(chooseReceipt(kept, {}, 'f')).toMatchObject({ validator: 'v', receipt: { round: 5 } })
    expect(chooseReceipt(kept, { round: 3 }, 'f')).toMatchObject({ receipt: { round: 3 } })
  })

  it('is that of the validator with the newest, where there are several', () => {
    const newer = { receipts: [makeReceipt(6)], anchors: [] }
    const both = new Map([...kept, ['w', newer], ['x', { receipts: [], anchors: [] }]])
    expect(chooseReceipt(both, {}, 'f')).toMatchObject({ validator: 'w', receipt: { round: 6 } })
  })

  it.each([
    ['another round', kept, { round: 4 }, 'RECEIPT_MISSING'],
    ['another validator', kept, { validator: 'w' }, 'RECEIPT_MISSING'],
  ])('is asked for anew: %s', (_, all, wish, code) => {
    expect(() => chooseReceipt(all, wish, 'f')).toThrow(expect.objectContaining({ code }))
  })
})
