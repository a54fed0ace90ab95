import { beforeAll, describe, expect, it } from 'vitest'
import { formatCase, parseCase } from '../../../shared/dispute/case-file.ts'
import { hearCase, type ProvenRuling } from '../../../shared/dispute/hear-case.ts'
import {
  checkRecord,
  type DisputeRecord,
  formatRecord,
  makeRecord,
  parseRecord,
} from '../../../shared/dispute/record.ts'
import { type HeldModel, readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import { cheatedCase, deskOf, flippedWeight, hearDesk, honestCase, KEYS } from '../../support/dispute/case.ts'
import { plainEvaluate } from '../../support/dispute/plain-evaluator.ts'
import { tinyModelFolder } from '../inference/tiny-model.ts'

let held: HeldModel
let cheated: DisputeCase
/** Of a dispute that the defender loses. */
let text: string

beforeAll(async () => {
  held = await readReferenceModel(await tinyModelFolder(), { positionsPerChunk: 8, columnsPerTile: 48 })
  cheated = cheatedCase(await honestCase(held, plainEvaluate))
  text = await recordOf(hearDesk(deskOf('defender', flippedWeight(held), plainEvaluate), cheated))
})

async function recordOf(defender: ReturnType<typeof hearDesk>): Promise<string> {
  const challenger = hearDesk(deskOf('challenger', held, plainEvaluate), cheated)
  const hearing = await hearCase(cheated, held.reference, { challenger, defender }, plainEvaluate)
  return formatRecord(makeRecord(KEYS.referee, cheated, held.reference, hearing))
}

const check = (changed: string) => checkRecord(parseRecord(changed), held.reference, plainEvaluate)

interface Json {
  case: { position: number; prompt: string; tokens: number[] }
  hearing: {
    replies: Record<'challenger' | 'defender', ({ body: string; signature: string } | { missing: string })[]>
    ruling: { losers: string[]; reason: string; answer: { verdict: string; margin: number } | null }
  }
  referee: string
}

function changed(change: (json: Json) => void): string {
  const json = JSON.parse(text) as Json
  change(json)
  return JSON.stringify(json)
}

describe('a record of a dispute', () => {
  it('holds for whoever reads it, with the registry alone', async () => {
    const ruling = await check(text)
    expect(ruling).toMatchObject({ losers: ['defender'], answer: { verdict: 'reject' }, unproven: [] })
  })

  it('says what is on trust alone', async () => {
    const gone = async () => Promise.reject(new StarlingError('TIMEOUT', 'no answer'))
    const silent = await recordOf(gone)
    expect(await check(silent)).toMatchObject({ losers: ['defender'], unproven: ['defender'] })
    expect(parseRecord(silent).hearing.replies.defender).toEqual([{ missing: 'fell silent (no answer)' }])
  })

  it('is nothing under another registry', async () => {
    const other = { ...held.reference, tilesRoot: `0x${'1'.repeat(64)}` }
    await expect(checkRecord(parseRecord(text), other, plainEvaluate)).rejects.toMatchObject({
      code: 'DISPUTE_REFERENCE',
    })
  })

  it.each<[string, (json: Json) => void]>([
    ['another loser', ({ hearing }) => hearing.ruling.losers.splice(0, 1, 'challenger')],
    ['another reason', ({ hearing }) => Object.assign(hearing.ruling, { reason: 'so it is' })],
    ['another verdict', ({ hearing }) => Object.assign(hearing.ruling.answer!, { verdict: 'accept' })],
    ['another margin', ({ hearing }) => Object.assign(hearing.ruling.answer!, { margin: 1e-9 })],
    ['no verdict', ({ hearing }) => Object.assign(hearing.ruling, { answer: null })],
    ['a reply less', ({ hearing }) => hearing.replies.defender.pop()],
    ['a reply twice', ({ hearing }) => hearing.replies.challenger.push(hearing.replies.challenger[0]!)],
    ['a silence that was none', ({ hearing }) => hearing.replies.defender.splice(1, 9, { missing: 'x' })],
    ['another prompt', (json) => Object.assign(json.case, { prompt: 'Add 3 and 5.' })],
    ['another place', (json) => Object.assign(json.case, { position: 2 })],
    ['other tokens', (json) => json.case.tokens.reverse()],
    ['another referee', (json) => Object.assign(json, { referee: KEYS.defender.address })],
    ['an unknown key', (json) => Object.assign(json, { extra: 1 })],
  ])('fails with %s', async (_what, change) => {
    const verdict = async () => check(changed(change))
    await expect(verdict()).rejects.toMatchObject({
      code: expect.stringMatching(/^DISPUTE_(RECORD|INVALID)$/),
    })
  })

  it('fails for a bit in any reply', async () => {
    const { hearing } = JSON.parse(text) as Json
    for (const side of ['challenger', 'defender'] as const) {
      for (const index of hearing.replies[side].keys()) {
        const flipped = changed((json) => {
          const entry = json.hearing.replies[side][index] as { body: string }
          const bytes = Buffer.from(entry.body, 'base64')
          bytes[bytes.length >> 1]! ^= 1
          entry.body = bytes.toString('base64')
        })
        await expect(check(flipped)).rejects.toMatchObject({ code: 'DISPUTE_RECORD' })
      }
    }
  })

  describe('signed anew by its referee', () => {
    type Replies = DisputeRecord['hearing']['replies']
    /** The same hearing with other replies, or another ruling, and a signature that fits. */
    const anew = (replies: (own: Replies) => Replies, ruling: Partial<ProvenRuling> = {}) => {
      const { hearing, case: dispute, reference } = parseRecord(text)
      const { answer, ...rest } = hearing.ruling
      const own = { ...rest, answer: answer ?? undefined, ...ruling }
      const changed = { replies: replies(hearing.replies), ruling: own }
      return formatRecord(makeRecord(KEYS.referee, dispute, reference, changed))
    }

    it.each<[string, () => string]>([
      ['rules otherwise', () => anew((own) => own, { losers: [], reason: '', answer: undefined })],
      [
        'has a reply more',
        () => anew((own) => ({ ...own, challenger: [...own.challenger, own.challenger[0]!] })),
      ],
      ['has a reply less', () => anew((own) => ({ ...own, defender: own.defender.slice(0, -1) }))],
      [
        'has the replies of the other side',
        () => anew(({ challenger: defender, defender: challenger }) => ({ challenger, defender })),
      ],
    ])('fails where it %s', async (_what, forge) => {
      await expect(check(forge())).rejects.toMatchObject({ code: 'DISPUTE_RECORD' })
    })

    it('holds with a silence that was none, and says that this is the referee’s word', async () => {
      const missing = { missing: 'fell silent' }
      const ruling = {
        losers: ['challenger' as const],
        reason: 'the challenger fell silent',
        answer: undefined,
        unproven: ['challenger' as const, 'defender' as const],
      }
      const forged = anew(({ defender }) => ({ challenger: [missing], defender: [defender[0]!, missing] }), {
        ...ruling,
        losers: ['challenger', 'defender'],
        reason: 'the challenger fell silent; the defender fell silent',
      })
      expect((await check(forged)).unproven).toEqual(['challenger', 'defender'])
    })
  })
})

describe('a case in a file', () => {
  it('reads as it was written', () => {
    expect(parseCase(formatCase(cheated))).toEqual(cheated)
  })

  it.each(['{', '{}', '[]', 'null'])('is not %s', (wrong) => {
    expect(() => parseCase(wrong)).toThrow(expect.objectContaining({ code: 'DISPUTE_CASE' }))
  })
})
