import type { BlockHeader, Metagraph } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import type { Clock } from '../../shared/process/clock.ts'
import type { Log } from '../../shared/process/logging.ts'
import { fromHex, toHex } from '../../shared/proof/hash.ts'
import { controlSeed, lotMessage } from '../../shared/proof/lot.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { RoundConfig } from '../config.ts'
import { modelHashesOf } from '../engines.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { scoreMiners } from '../scoring/score-miners.ts'
import { settleRound } from '../scoring/settle-round.ts'
import { voiceWeight } from '../scoring/voice-weight.ts'
import type { RoundEntry } from '../store/entries.ts'
import type { ScoreStore } from '../store/score-store.ts'
import { collectCommits, collectReveals } from './answers.ts'
import { auditAnswers } from './audit.ts'
import { drawBeacon } from './beacon.ts'
import { controlsPass } from './controls.ts'
import { collectVerdicts } from './judging.ts'
import { vrfHex } from './lots.ts'
import { planRound } from './plan.ts'
import { rankAnswers } from './rank.ts'
import { rootOfRows, sendReceipts } from './receipts.ts'
import { scoreContext } from './score-context.ts'
import { minerRows, roundOutcome } from './settle.ts'
import type { Participant } from './types.ts'

export interface RoundParts {
  readonly chainMarker: string
  readonly signer: Signer
  readonly engines: readonly Engine[]
  /** Of the models whose hidden states must be proved, by hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** The newest block that this validator has seen. */
  readonly newestBlock: () => BlockHeader
  readonly store: ScoreStore
  readonly config: RoundConfig
  readonly scoring: ScoringConfig
  readonly clock: Clock
  readonly log: Log
}

/**
 * One round, phases 1 to 6: challenge, commit, reveal, audit, judge, settle. What it settled stands in the store when it
 * returns; a round that is aborted settles nothing, and rejects with the signal's reason.
 */
export async function runRound(
  round: number,
  opened: BlockHeader,
  metagraph: Metagraph,
  participants: readonly Participant[],
  parts: RoundParts,
  signal: AbortSignal,
): Promise<RoundEntry> {
  const { signer, engines, store, config, clock } = parts
  const log = parts.log.child({ round })
  const started = clock.monotonic()
  const place = {
    chainMarker: parts.chainMarker,
    netuid: metagraph.netuid,
    validator: signer.publicKey,
    blockHash: opened.hash,
  }
  const challenges = planRound(place, participants, signer.vrf, config)
  log.info(
    { block: opened.number, challenges: challenges.length, participants: participants.length },
    'round opened',
  )

  const ask = { round, config, clock, signal }
  const controls = startControls(parts, opened, challenges[0]?.prompt ?? '')
  const committed = await collectCommits(challenges, ask)
  const digests = committed.flatMap((answer) => ('commit' in answer ? [answer.commit.digest] : []))
  const beacon = drawBeacon(digests, parts.newestBlock(), signer)
  const attempts = await collectReveals(committed, beacon.output, ask)
  log.debug({ answers: attempts.length, milliseconds: clock.monotonic() - started }, 'answers revealed')

  const audited = await auditAnswers(attempts, {
    validator: signer.publicKey,
    engines,
    calibrations: parts.calibrations,
    beacon: beacon.output,
    config,
  })
  log.debug({ milliseconds: clock.monotonic() - started }, 'answers audited')

  const fields = await collectVerdicts(audited, { ...ask, signer, log })
  const ranking = rankAnswers(fields, (voice, fresh) => voiceWeight(store.book, voice, parts.scoring, fresh))
  const outcome = roundOutcome(round, audited, ranking, await controls)

  // Whoever is stopped asks nobody any more: the silence that follows is not the miners'.
  signal.throwIfAborted()
  const scores = scoreMiners(
    settleRound(store.book, outcome, parts.scoring),
    scoreContext(metagraph, modelHashesOf(engines), parts.scoring),
  )
  const rows = minerRows(participants, audited, ranking, scores)
  const milliseconds = Math.round(clock.monotonic() - started)
  const entry: RoundEntry = {
    kind: 'round',
    round,
    block: opened.number,
    blockHash: opened.hash,
    challenges: challenges.length,
    beacon: beacon.entry,
    lots: challenges.map(({ lot }) => vrfHex(lot)),
    milliseconds,
    outcome,
    rows,
    root: toHex(rootOfRows(rows)),
  }
  store.settle(entry)
  const receipts = await sendReceipts(round, rows, participants, signer, config.revealMs)
  log.info({ milliseconds, root: entry.root, receipts }, 'round settled')
  return entry
}

function startControls(parts: RoundParts, opened: BlockHeader, prompt: string): Promise<boolean> {
  const seed = controlSeed(parts.signer.vrf(lotMessage(fromHex(opened.hash))).output)
  return controlsPass(parts.engines, { prompt, seed, config: parts.config, log: parts.log })
}
