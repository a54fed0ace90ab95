import type { ChainClient, Metagraph, Neuron } from '../../../shared/chain/chain-client.ts'
import { watchChain } from '../../../shared/chain/watch-chain.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { createMetrics, MAX_UIDS } from '../../../shared/process/metrics/create-metrics.ts'
import { REPLY_TYPE, type RequestType } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { REQUEST_RESULTS } from '../../../shared/protocol/watch-session.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import type { ScoreParts } from '../../../validator/scoring/score-parts.ts'
import { ROUND_PHASES } from '../../../validator/watch/events.ts'
import { type ValidatorWatch, watchValidator } from '../../../validator/watch/validator-watch.ts'

const hotkeyOf = (uid: number) => `5${String(uid).padStart(3, '0')}${'N'.repeat(44)}`

/** The watch of a validator on a full subnet: every uid is a connected miner with a score, and every series has values. */
export async function fullWatch(): Promise<ValidatorWatch> {
  const neurons = Array.from({ length: MAX_UIDS }, (_, uid) => {
    const axon = { ip: '192.0.2.1', port: 8091 }
    return { uid, hotkey: hotkeyOf(uid), axon, validatorPermit: true, lastUpdate: 1 } as Neuron
  })
  const chain = watchChain(1, systemClock)
  const metagraph = { netuid: 1, block: 100, neurons } as unknown as Metagraph
  const client = { metagraph: async () => metagraph, onBlock: () => () => {} } as unknown as ChainClient
  await chain.follow(client).metagraph(1)
  const scores = Object.fromEntries(
    neurons.map(({ hotkey, uid }) => [
      hotkey,
      { score: uid / MAX_UIDS, answer: 0.5, judge: 0.5, reasons: [] },
    ]),
  ) as unknown as Record<string, ScoreParts>
  const sessions = neurons.map(({ hotkey }) => ({ hotkey, pingMs: () => 20 }) as unknown as Session)
  const watch = watchValidator({
    ...{ metrics: createMetrics({ withProcess: true }), chain, writesStopped: () => undefined },
    ...{ hotkey: hotkeyOf(0), netuid: 1, engines: [], roundBlocks: 25, book: emptyScoreBook },
    ...{ scores: () => scores, sessions: () => sessions, stateBytes: () => 0, clock: systemClock },
  })
  for (const type of Object.keys(REPLY_TYPE) as RequestType[]) {
    for (const result of REQUEST_RESULTS) watch.events.onAsked({ type, result, seconds: 1 })
    for (const direction of ['in', 'out'] as const) watch.events.onFrame(direction, type, 4096)
  }
  for (const phase of ROUND_PHASES) watch.events.onPhase(phase, 1)
  return watch
}
