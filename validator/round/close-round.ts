import { toHex } from '../../shared/proof/hash.ts'
import { modelHashesOf } from '../engines.ts'
import { scoreMiners } from '../scoring/score-miners.ts'
import { settleRound } from '../scoring/settle-round.ts'
import type { RoundEntry } from '../store/entries.ts'
import type { RoundFacts } from '../transcript/round-facts.ts'
import { vrfHex } from './lots.ts'
import { rootOfRows, signRows } from './receipts.ts'
import type { RoundParts } from './run-round.ts'
import { scoreContext } from './score-context.ts'
import { minerRows } from './settle.ts'

type Settled = Pick<RoundFacts, 'bookAfter' | 'scores' | 'rows' | 'rowsRoot' | 'rowsSignature'>

/** A round that was played to its outcome, and what it was played by. */
export type PlayedRound = Omit<RoundFacts, keyof Settled | 'chainMarker' | 'validator' | 'config' | 'models'>

/** Phase 6: what the outcome makes of book, scores and rows, together with all that led to it. Writes and sends nothing. */
export function closeRound(
  played: PlayedRound,
  { chainMarker, signer, engines, calibrations, hasher, config, scoring }: RoundParts,
): RoundFacts {
  const { round, book, outcome, subnet, participants, audited, ranking } = played
  const bookAfter = settleRound(book, outcome, scoring)
  const scores = scoreMiners(bookAfter, scoreContext(subnet.metagraph, modelHashesOf(engines), scoring))
  const rows = minerRows(participants, audited, ranking, scores)
  return {
    ...played,
    ...{ chainMarker, validator: signer.address, config: { round: config, scoring } },
    models: engines.map(({ model }) => {
      const { hash, executionClass } = model
      const hashes = hasher?.model.hash === hash && hasher.model.executionClass === executionClass
      const whitening = calibrations.get(hash)?.calibration.whitening.sha256 ?? null
      return { model, whitening, similarity: hashes ? hasher.calibration : null }
    }),
    ...{ bookAfter, scores, rows },
    rowsRoot: rootOfRows(rows),
    rowsSignature: signRows(round, rows, signer),
  }
}

/** What the journal keeps of a round. */
export function roundEntry(
  { round, opened, challenges, beacon, ranking, outcome, rows, rowsRoot }: RoundFacts,
  published: NonNullable<RoundEntry['published']>,
  milliseconds: number,
): RoundEntry {
  return {
    kind: 'round',
    round,
    block: opened.number,
    blockHash: opened.hash,
    challenges: challenges.length,
    beacon: beacon.entry,
    lots: challenges.map(({ lot }) => vrfHex(lot)),
    milliseconds,
    outcome,
    rows: [...rows],
    disagreements: [...ranking.disagreements],
    root: toHex(rowsRoot),
    published,
  }
}
