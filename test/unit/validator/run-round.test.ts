import { setMaxListeners } from 'node:events'
import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { commitMessage } from '../../../shared/proof/commit.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { type RoundParts, runRound } from '../../../validator/round/run-round.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import type { ScoreStore } from '../../../validator/store/score-store.ts'
import { deadSession, makeParticipants } from '../../support/participants.ts'

const HASH = `0x${'01'.repeat(32)}`

type Answer = (
  message: { type: string; id: Uint8Array },
  options: { signal: AbortSignal },
) => Promise<unknown>

const quietChain = {
  onBlock: () => () => {},
  blockHash: async () => HASH,
  headerBytes: () => Promise.reject(new Error('nobody looks at headers here')),
}

/** A round of five miners that answer as they are told to. */
function begin(
  answerOf: (signer: Signer) => Answer,
  anchor: RoundParts['chain']['anchor'],
  signal: AbortSignal,
) {
  setMaxListeners(0, signal)
  const left: unknown[] = []
  const store = {
    book: emptyScoreBook(),
    previous: undefined,
    settle: (entry: unknown) => left.push(entry),
  } as unknown as ScoreStore
  const participants = makeParticipants(5).map((miner) => {
    const request = answerOf(miner.signer) as unknown as Session['request']
    return { ...miner, session: deadSession(miner.hotkey, request) }
  })
  const done = runRound(
    1,
    { number: 10, hash: HASH },
    {
      metagraph: { netuid: 1, block: 10, tempo: 20, lastEpochBlock: 0, epochIndex: 0, neurons: [] },
      rules: { minAllowedWeights: 1, maxWeightLimit: 65_535 },
    },
    participants,
    {
      ...{ chainMarker: HASH, signer: signerFromUri('//Alice'), engines: [], store },
      ...{ chain: { ...quietChain, anchor } as unknown as RoundParts['chain'] },
      ...{ publish: () => left.push('published'), newestBlock: () => ({ number: 11, hash: HASH }) },
      ...{ calibrations: new Map(), config: roundConfigSchema.parse({}), scoring: defaultScoringConfig },
      ...{ clock: systemClock, log: silentLog() },
    },
    signal,
  )
  return { done, left }
}

it('settles nothing when the validator is stopped in the middle of a round', async () => {
  const stop = new AbortController()
  const anchored: unknown[] = []
  // Miners that answer nothing; the first question makes the operator stop the validator.
  const answer: Answer = (_message, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      setImmediate(() => stop.abort(new Error('stopped')))
    })
  const anchor = async () => Promise.reject(anchored.push('anchored'))
  const { done, left } = begin(() => answer, anchor, stop.signal)
  await expect(done).rejects.toThrow('stopped')
  expect([...left, ...anchored]).toEqual([])
})

it('opens and settles nothing when the chain does not take the commits', async () => {
  const asked: string[] = []
  const answerOf =
    (signer: Signer): Answer =>
    async ({ type, id }) => {
      asked.push(type)
      const digest = new Uint8Array(32).fill(7)
      return { type: 'commit', id, digest, signature: signer.sign(commitMessage(id, digest)) }
    }
  const anchor = () => Promise.reject(new StarlingError('CHAIN_SPACE_LIMIT_EXCEEDED', 'no room'))
  const { done, left } = begin(answerOf, anchor, new AbortController().signal)
  await expect(done).rejects.toMatchObject({ code: 'CHAIN_SPACE_LIMIT_EXCEEDED' })
  expect(left).toEqual([])
  expect(new Set(asked)).toEqual(new Set(['challenge']))
})

it.each([
  ['nobody was heard at all', () => true],
  ['nobody was heard any more once the commits were in', (type: string) => type === 'reveal-request'],
])('settles nothing where %s: the silence is the validator’s', async (_what, isSilent) => {
  const answerOf =
    (signer: Signer): Answer =>
    async ({ type, id }) => {
      if (isSilent(type)) throw new StarlingError('TIMEOUT', 'no answer')
      const digest = new Uint8Array(32).fill(7)
      return { type: 'commit', id, digest, signature: signer.sign(commitMessage(id, digest)) }
    }
  const anchor = async () => ({ block: 10, blockHash: HASH }) as never
  const { done, left } = begin(answerOf, anchor, new AbortController().signal)
  await expect(done).rejects.toMatchObject({ code: 'ROUND_UNHEARD' })
  expect(left).toEqual([])
})
