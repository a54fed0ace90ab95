import { expect, it } from 'vitest'
import { minerRowSchema } from '../../../shared/proof/miner-row.ts'
import { encodeRow } from '../../../validator/round/receipts.ts'
import { minerRows } from '../../../validator/round/settle.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import { scoreMiners } from '../../../validator/scoring/score-miners.ts'
import { makeAudited, makeChallenge, makeParticipants } from '../../support/participants.ts'

it('a row that was read from a published round has the bytes that its receipt is signed over', () => {
  const miners = makeParticipants(2)
  const coldkeyOf = Object.fromEntries(miners.map(({ hotkey, coldkey }) => [hotkey, coldkey]))
  const scores = scoreMiners(emptyScoreBook(), { coldkeyOf, registry: [], config: defaultScoringConfig })
  const audited = [makeAudited(makeChallenge(0), miners[0]!)]
  const checks = { verdicts: 9, tokens: 40, replayed: 2, mismatched: 1, canaries: 1, obeyed: 0 }
  const judge = { hotkey: miners[1]!.hotkey, model: 'm', method: 'prompted' as const, asked: 3, completed: 2 }
  const judges = [{ ...judge, goldRight: 4, goldWrong: 1, checks }]
  const rows = minerRows(miners, audited, { qualities: new Map(), disagreements: [], judges }, scores)
  expect(rows.map(({ terms }) => terms?.judgeShare)).toEqual([0.2, 0.2])
  const { tokens: _, ...found } = checks
  const judging = Object.fromEntries(rows.map(({ hotkey, judging }) => [hotkey, judging]))
  expect(judging).toEqual({
    [miners[0]!.hotkey]: undefined,
    [miners[1]!.hotkey]: { completed: 2, asked: 3, ...found, trust: 0 },
  })
  for (const row of rows) {
    const read = minerRowSchema.parse(JSON.parse(new TextDecoder().decode(encodeRow(row))))
    expect(encodeRow(read)).toEqual(encodeRow(row))
  }
})
