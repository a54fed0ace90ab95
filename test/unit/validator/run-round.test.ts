import { setMaxListeners } from 'node:events'
import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { type RoundParts, runRound } from '../../../validator/round/run-round.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import type { ScoreStore } from '../../../validator/store/score-store.ts'
import { deadSession, makeParticipants } from '../../support/participants.ts'

it('settles nothing when the validator is stopped in the middle of a round', async () => {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  // Miners that answer nothing; the first question makes the operator stop the validator.
  const request = ((_message: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      setImmediate(() => stop.abort(new Error('stopped')))
    })) as unknown as Session['request']
  const participants = makeParticipants(5).map((miner) => {
    return { ...miner, session: deadSession(miner.hotkey, request) }
  })
  const settled: unknown[] = []
  const store = {
    book: emptyScoreBook(),
    settle: (entry: unknown) => settled.push(entry),
  } as unknown as ScoreStore
  const hash = `0x${'01'.repeat(32)}`
  const round = runRound(
    1,
    { number: 10, hash },
    {
      metagraph: { netuid: 1, block: 10, tempo: 20, lastEpochBlock: 0, epochIndex: 0, neurons: [] },
      rules: { minAllowedWeights: 1, maxWeightLimit: 65_535 },
    },
    participants,
    {
      ...{ chainMarker: hash, signer: signerFromUri('//Alice'), engines: [], store },
      ...{ chain: {} as unknown as RoundParts['chain'], publish: () => settled.push('published') },
      ...{ calibrations: new Map(), newestBlock: () => ({ number: 11, hash }) },
      ...{ config: roundConfigSchema.parse({}), scoring: defaultScoringConfig },
      ...{ clock: systemClock, log: silentLog() },
    },
    stop.signal,
  )
  await expect(round).rejects.toThrow('stopped')
  expect(settled).toEqual([])
})
