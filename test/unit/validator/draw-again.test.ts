import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { drawAgain, readCandidates } from '../../../validator/audit-file/checks/participants.ts'
import type { RoundFile } from '../../../validator/audit-file/read-round.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { drawMessage, drawParticipants } from '../../../validator/round/participants.ts'
import { scoringConfigSchema } from '../../../validator/scoring/config.ts'
import { newRecord } from '../../../validator/scoring/miner-record.ts'
import { emptyScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { scoreMiners } from '../../../validator/scoring/score-miners.ts'
import { participantRecords } from '../../../validator/transcript/round-records.ts'
import { makeParticipants, testModel } from '../../support/participants.ts'

const VALIDATOR = signerFromUri('//Alice')
const BLOCK = new Uint8Array(32).fill(3)
const config = {
  round: roundConfigSchema.parse({ maxParticipants: 4, samplingFloor: 0.01 }),
  scoring: scoringConfigSchema.parse({}),
}
const candidates = makeParticipants(12)

const PASSED = { ...newRecord(0), exam: { ...newRecord(0).exam, passed: true } }

/** A book in which one miner has earned all that there is to earn. */
const book: ScoreBook = {
  ...emptyScoreBook(),
  round: 5,
  miners: { [candidates[7]!.hotkey]: { ...PASSED, model: testModel.hash, verified: 1 } },
  models: { [testModel.hash]: { gold: 100, goldRight: 90, field: 0, fieldSum: 0 } },
}

/** The lines of a published round that its draw follows from. */
function fileOf(before: ScoreBook, lot = VALIDATOR.vrf(drawMessage(BLOCK))): RoundFile {
  const coldkeyOf = Object.fromEntries(candidates.map(({ hotkey, coldkey }) => [hotkey, coldkey]))
  const scores = scoreMiners(before, { coldkeyOf, registry: [testModel.hash], config: config.scoring })
  const participants = drawParticipants(
    candidates,
    (hotkey) => scores[hotkey]!.score,
    lot.output,
    config.round,
  )
  const place = <Record>(record: Record) => ({ line: 1, record })
  return {
    round: place({ validator: VALIDATOR.address, config }),
    neurons: place({ neurons: candidates.map(({ uid, hotkey, coldkey }) => ({ uid, hotkey, coldkey })) }),
    model: [place({ kind: 'model', ...testModel })],
    book: place({ kind: 'book', book: before }),
    draw: place({ kind: 'draw', lot }),
    participant: participantRecords({ candidates, participants }).map(place),
  } as unknown as RoundFile
}

const faultsOf = (file: RoundFile) =>
  drawAgain(file, BLOCK, readCandidates(file).candidates).faults.map(({ record, field, why }) =>
    [record, field, why].join(' · '),
  )

it('finds who takes part again, from the book', () => {
  const file = fileOf(book)
  const { participants, faults } = drawAgain(file, BLOCK, readCandidates(file).candidates)
  expect(faults).toEqual([])
  expect(participants).toHaveLength(4)
  expect(participants.map(({ hotkey }) => hotkey)).toContain(candidates[7]!.hotkey)
})

it('finds a lot that the validator’s key did not draw for the block', () => {
  expect(faultsOf(fileOf(book, VALIDATOR.vrf(BLOCK)))).toEqual([
    'draw · lot · is not what the validator’s key draws for the block',
  ])
})

it('finds whom the validator took in, and whom it left out', () => {
  const file = fileOf(book)
  const out = file.participant.find(({ record }) => record.drawn)!.record
  const into = file.participant.find(({ record }) => !record.drawn)!.record
  ;[out.drawn, into.drawn] = [false, true]
  expect(faultsOf(file).sort()).toEqual(
    [
      `participant ${out.hotkey} · drawn · says false, and true follows`,
      `participant ${into.hotkey} · drawn · says true, and false follows`,
    ].sort(),
  )
})

it('finds a draw by other scores than those of the book', () => {
  const file = fileOf(book)
  const other = { ...file, book: fileOf({ ...book, miners: {} }).book }
  expect(faultsOf(other).length).toBeGreaterThan(0)
})
