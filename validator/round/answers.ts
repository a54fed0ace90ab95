import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { describeError, StarlingError } from '../../shared/process/errors.ts'
import { createTurns } from '../../shared/process/turns.ts'
import { commitMessage } from '../../shared/proof/commit.ts'
import { equalBytes, fromHex } from '../../shared/proof/hash.ts'
import { refusalCode } from '../../shared/protocol/refused-error.ts'
import type { RoundConfig } from '../config.ts'
import type { Attempt, CommittedAnswer, Missing, Part, Participant, PlannedChallenge } from './types.ts'

export interface AskParts {
  readonly round: number
  readonly config: RoundConfig
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Half way around the Earth and back. A miner that delays its pongs would otherwise pass for as fast as it likes. */
const LONGEST_ROUND_TRIP_MS = 400

/** Commits whose signatures are checked before others get the time of their arrival: a millisecond or two. */
const VERIFIED_AT_ONCE = 8

type Failed = Part & Missing

/** Phases 1 and 2: sends every challenge to its answerers and takes their signed commits. */
export async function collectCommits(
  challenges: readonly PlannedChallenge[],
  parts: AskParts,
): Promise<(CommittedAnswer | Failed)[]> {
  const turn = createTurns(VERIFIED_AT_ONCE)
  return Promise.all(
    challenges.flatMap((challenge) =>
      challenge.answerers.map((miner) =>
        askForCommit(challenge, miner, parts, turn).catch((error: unknown) =>
          failed(challenge, miner, error),
        ),
      ),
    ),
  )
}

/**
 * Phase 3: asks for the answers behind the commits, once all commits are in or late.
 * @param beacon 32 bytes that say which leaves to open; nobody knew them when the commits were made
 */
export async function collectReveals(
  committed: readonly (CommittedAnswer | Failed)[],
  beacon: Uint8Array,
  parts: AskParts,
): Promise<Attempt[]> {
  return Promise.all(
    committed.map(async (answer): Promise<Attempt> => {
      if (!('commit' in answer)) return answer
      const { challenge, miner } = answer
      try {
        const reveal = await miner.session.request(
          { type: 'reveal-request', id: challenge.id, beacon },
          { timeoutMs: parts.config.revealMs, signal: parts.signal },
        )
        return { ...answer, result: 'revealed', reveal }
      } catch (error) {
        // A commit without its reveal is a miss, whatever the miner calls it: refusing here would be a free choice
        // between answers after seeing how the round went.
        return { ...answer, result: 'missed', reason: describeError(error), heard: wasHeard(error) }
      }
    }),
  )
}

async function askForCommit(
  challenge: PlannedChallenge,
  miner: Participant,
  { round, config, clock, signal }: AskParts,
  turn: () => Promise<void>,
): Promise<CommittedAnswer> {
  const sent = clock.monotonic()
  const commit = await miner.session.request(
    {
      type: 'challenge',
      id: challenge.id,
      round,
      prompt: challenge.prompt,
      model: fromHex(miner.model.hash),
      sampling: samplingOf(config),
      deadlineMs: config.commitMs,
    },
    { timeoutMs: config.commitMs, signal },
  )
  const distance = Math.min(LONGEST_ROUND_TRIP_MS, miner.session.pingMs())
  const milliseconds = Math.max(1, clock.monotonic() - sent - distance)
  // Nobody’s commit arrives later for the time that others’ signatures take.
  await turn()
  if (!equalBytes(commit.id, challenge.id)) throw new Error('the commit names another challenge')
  if (!verifySignature(commitMessage(commit.id, commit.digest), commit.signature, miner.hotkey)) {
    throw new Error('the commit is not signed by the miner')
  }
  return { challenge, miner, commit, milliseconds }
}

/** The sampling parameters of scored challenges. */
export function samplingOf(config: RoundConfig) {
  const { temperature, topK, topP, maxTokens } = config
  return { temperature, topK, topP, maxTokens }
}

function failed(challenge: PlannedChallenge, miner: Participant, error: unknown): Failed {
  const result = refusalCode(error) === 'BUSY' ? 'refused' : 'missed'
  return { challenge, miner, result, reason: describeError(error), heard: wasHeard(error) }
}

/** Whether anything came from the miner: what a session fails with by itself has a code, and is no refusal. */
function wasHeard(error: unknown): boolean {
  return refusalCode(error) !== undefined || !(error instanceof StarlingError)
}
