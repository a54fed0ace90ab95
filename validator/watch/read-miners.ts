import type { Metagraph } from '../../shared/chain/chain-client.ts'
import type { Session } from '../../shared/protocol/session.ts'
import type { ScoreBook } from '../scoring/score-book.ts'
import type { ScoreParts } from '../scoring/score-parts.ts'
import type { MinerStatus } from './status.ts'

/** Everybody registered who was asked before or can be, the best first; equal ones by uid. */
export function readMiners(
  metagraph: Metagraph,
  book: ScoreBook,
  scores: Readonly<Record<string, ScoreParts>>,
  sessions: readonly Session[],
): MinerStatus[] {
  const pings = new Map(sessions.map((session) => [session.hotkey, session.pingMs()]))
  const miners = metagraph.neurons.flatMap(({ uid, hotkey, axon }) => {
    const record = book.miners[hotkey]
    const parts = scores[hotkey]
    const ping = pings.get(hotkey)
    if (record === undefined && axon === undefined && ping === undefined) return []
    const sums = Object.values(record?.evidence.sums ?? {}).flatMap((own) => Object.values(own))
    return [
      {
        ...{ uid, hotkey, hasAxon: axon !== undefined, rank: null },
        ...{ score: parts?.score ?? 0, answer: parts?.answer ?? 0, judge: parts?.judge ?? 0 },
        evidence: Math.max(0, ...sums.map((sum) => sum ?? 0)),
        pingMs: ping ?? null,
        reasons: parts?.reasons ?? [],
      },
    ]
  })
  miners.sort((a, b) => b.score - a.score || a.uid - b.uid)
  return miners.map((miner, i) => ({ ...miner, rank: miner.score > 0 ? i + 1 : null }))
}
