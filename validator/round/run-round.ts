import type { BlockHeader, ChainClient } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import type { Clock } from '../../shared/process/clock.ts'
import type { Log } from '../../shared/process/logging.ts'
import { commitsRoot } from '../../shared/proof/beacon.ts'
import { fromHex } from '../../shared/proof/hash.ts'
import { controlSeed, lotMessage } from '../../shared/proof/lot.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { AnswerHasher } from '../../shared/similarity/hash-answer.ts'
import type { RoundConfig } from '../config.ts'
import { modelHashesOf } from '../engines.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { scoreMiners } from '../scoring/score-miners.ts'
import type { RoundEntry } from '../store/entries.ts'
import type { ScoreStore } from '../store/score-store.ts'
import type { Publish } from '../transcript/publish.ts'
import type { RoundSubnet } from '../transcript/round-facts.ts'
import { sealFacts } from '../transcript/seal-facts.ts'
import type { RoundPhase, ValidatorEvents } from '../watch/events.ts'
import { anchorRound } from './anchor.ts'
import { collectCommits, collectReveals } from './answers.ts'
import { auditAnswers } from './audit.ts'
import { drawBeacon } from './beacon.ts'
import { closeRound, roundEntry } from './close-round.ts'
import { controlsPass } from './controls.ts'
import { hashAnswers } from './hash-answers.ts'
import { collectVerdicts } from './judging.ts'
import { drawMessage, drawParticipants } from './participants.ts'
import { pastOf } from './past.ts'
import { planRound } from './plan.ts'
import { rankAnswers, rankRules, replayShares } from './rank-answers.ts'
import { readHeaders } from './read-headers.ts'
import { sendReceipts } from './receipts.ts'
import { scoreContext } from './score-context.ts'
import { roundOutcome } from './settle.ts'
import { answersAreKept, heardSomebody } from './silence.ts'
import type { CommittedAnswer, Participant } from './types.ts'

export interface RoundParts {
  readonly chain: Pick<ChainClient, 'anchor' | 'blockHash' | 'headerBytes' | 'onBlock'>
  readonly chainMarker: string
  readonly signer: Signer
  readonly engines: readonly Engine[]
  /** Of the models whose hidden states must be proved, by hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** Of the reference model; without it, judges see every answer, however alike. */
  readonly hasher?: AnswerHasher | undefined
  /** The newest block that this validator has seen. */
  readonly newestBlock: () => BlockHeader
  readonly store: ScoreStore
  readonly publish: Publish
  /** Rounds just before this one in which no miner at all was heard; 0 unless told. */
  readonly unheardBefore?: number
  readonly config: RoundConfig
  readonly scoring: ScoringConfig
  readonly clock: Clock
  readonly log: Log
  readonly events?: Pick<ValidatorEvents, 'onPhase'> | undefined
}

/**
 * One round, phases 1 to 6: challenge, commit, reveal, audit, judge, settle. Between commit and reveal the chain takes the anchor of
 * the commits, and the block after it decides what is opened. What the round settled is published and stands in the store
 * when it returns; a round that is aborted, or whose anchor is late, settles nothing, and rejects with the reason.
 */
export async function runRound(
  round: number,
  opened: BlockHeader,
  subnet: RoundSubnet,
  candidates: readonly Participant[],
  parts: RoundParts,
  signal: AbortSignal,
): Promise<RoundEntry> {
  const { signer, engines, store, config, scoring, clock } = parts
  const { metagraph } = subnet
  const log = parts.log.child({ round })
  const started = clock.monotonic()
  const elapsed = () => Math.round(clock.monotonic() - started)
  let phaseFrom = started
  const phaseOver = (phase: RoundPhase) => {
    const now = clock.monotonic()
    parts.events?.onPhase(phase, (now - phaseFrom) / 1000)
    phaseFrom = now
  }
  const place = {
    chainMarker: parts.chainMarker,
    netuid: metagraph.netuid,
    validator: signer.publicKey,
    blockHash: opened.hash,
  }
  const { draw, participants } = drawRound(opened, subnet, candidates, parts)
  const challenges = planRound(place, participants, signer.vrf, config, pastOf(store.book, scoring))
  log.info(
    {
      ...{ block: opened.number, challenges: challenges.length },
      ...{ candidates: candidates.length, participants: participants.length },
    },
    'round opened',
  )

  const ask = { round, config, clock, signal }
  const controls = runControls(parts, opened, challenges[0]?.prompt ?? '')
  const committed = await collectCommits(challenges, ask)
  signal.throwIfAborted()
  const { unheardBefore = 0 } = parts
  heardSomebody(round, committed, unheardBefore)
  phaseOver('commit')
  const { anchored, beacon } = await anchorCommits(round, committed, subnet, parts, signal)
  log.debug({ block: anchored.receipt.block, milliseconds: elapsed() }, 'commits anchored')
  answersAreKept(round, elapsed())
  phaseOver('anchor')
  const headers = readHeaders(parts.chain, opened, anchored.after)
  // Looked at below; until then it may fail unseen.
  headers.catch(() => {})
  const attempts = await collectReveals(committed, beacon.output, ask)
  signal.throwIfAborted()
  heardSomebody(
    round,
    attempts.filter((attempt) => 'commit' in attempt),
    unheardBefore,
  )
  log.debug({ answers: attempts.length, milliseconds: elapsed() }, 'answers revealed')
  phaseOver('reveal')

  const checked = await auditAnswers(attempts, {
    validator: signer.publicKey,
    engines,
    calibrations: parts.calibrations,
    beacon: beacon.output,
    config,
  })
  const audited = await hashAnswers(checked, parts.hasher, log)
  log.debug({ milliseconds: elapsed() }, 'answers audited')
  phaseOver('audit')

  const { book, previous } = store
  const fields = await collectVerdicts(audited, {
    ...{ ...ask, signer, engines, calibrations: parts.calibrations, log },
    replayShareOf: replayShares(book, config, scoring),
  })
  log.debug({ milliseconds: elapsed() }, 'answers judged')
  phaseOver('judge')
  const { passed } = await controls
  const ranking = rankAnswers(fields, config.judgeMethod, rankRules(book, scoring, passed))
  const outcome = roundOutcome(round, audited, ranking, passed)

  // Whoever is stopped asks nobody any more: the silence that follows is not the miners'.
  signal.throwIfAborted()
  const facts = closeRound(
    {
      ...{ round, opened, subnet, previous, book, draw, candidates, participants },
      ...{ challenges, attempts, audited },
      ...{ anchored, beacon, fields, ranking, outcome },
      headers: await headers,
      controls: await controls,
    },
    parts,
  )
  const { text, published } = await sealFacts(facts, signer)
  signal.throwIfAborted()
  // Before the journal names it: an anchor must not stand for a file that was never written.
  parts.publish(round, text)
  const entry = roundEntry(facts, published, elapsed())
  store.settle(entry)
  const { rows, rowsSignature } = facts
  const receipts = await sendReceipts(round, rows, participants, rowsSignature, config.revealMs)
  const { milliseconds, root } = entry
  phaseOver('settle')
  log.info({ milliseconds, root, seal: published.seal, receipts }, 'round settled')
  return entry
}

/** Who takes part, by the scores of the book before the round. */
function drawRound(
  opened: BlockHeader,
  { metagraph }: RoundSubnet,
  candidates: readonly Participant[],
  { signer, engines, store, config, scoring }: RoundParts,
) {
  const scores = scoreMiners(store.book, scoreContext(metagraph, modelHashesOf(engines), scoring))
  const draw = signer.vrf(drawMessage(fromHex(opened.hash)))
  const scoreOf = (hotkey: string) => scores[hotkey]?.score ?? 0
  return { draw, participants: drawParticipants(candidates, scoreOf, draw.output, config) }
}

/** Anchors the commits, and draws what is to be opened of their answers from the block after the anchor. */
async function anchorCommits(
  round: number,
  committed: readonly (CommittedAnswer | object)[],
  { metagraph: { netuid } }: RoundSubnet,
  parts: RoundParts,
  signal: AbortSignal,
) {
  const digests = committed.flatMap((answer) => ('commit' in answer ? [answer.commit.digest] : []))
  const anchor = { round, commits: commitsRoot(digests), previous: parts.store.previous }
  const limits = { netuid, blocks: parts.config.anchorBlocks, signal }
  const anchored = await anchorRound(anchor, { ...parts, ...limits })
  return { anchored, beacon: drawBeacon(digests, anchored.after, parts.signer) }
}

async function runControls(parts: RoundParts, { hash }: BlockHeader, prompt: string) {
  const { signer, engines, calibrations, config, log } = parts
  const lot = signer.vrf(lotMessage(fromHex(hash)))
  const control = { prompt, seed: controlSeed(lot.output), config, calibrations, log }
  return { lot, passed: await controlsPass(engines, control) }
}
