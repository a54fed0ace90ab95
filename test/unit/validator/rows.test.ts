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
  const rows = minerRows(miners, audited, { qualities: new Map(), judges: [] }, scores)
  expect(rows.map(({ terms }) => terms?.judgeShare)).toEqual([0.2, 0.2])
  for (const row of rows) {
    const read = minerRowSchema.parse(JSON.parse(new TextDecoder().decode(encodeRow(row))))
    expect(encodeRow(read)).toEqual(encodeRow(row))
  }
})
