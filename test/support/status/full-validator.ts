import type { SeenRound } from '../../../validator/watch/round-memory.ts'
import type { ValidatorStatus } from '../../../validator/watch/status.ts'

/** What a validator of a full subnet shows: 256 uids, and names that try to be markup. */
export const EVIL = '<img src=x onerror="document.title=\'taken over\'">'

export function fullStatus(miners = 256): ValidatorStatus {
  return {
    ...{ program: 'validator', version: '0.1.0', hotkey: `5Validator${EVIL}`, netuid: 1, uid: 0 },
    ...{ upSeconds: 90_000, ready: false, reasons: [{ code: 'HEAD_OLD', message: `no block ${EVIL}` }] },
    chain: { endpoint: null, block: 5_152_123, headAgeSeconds: 130, switches: 0 },
    weights: { ageBlocks: 75, limitBlocks: 772 },
    round: { number: 139, seconds: 161 },
    ...{ sessions: 200, engines: [], stateBytes: 2 ** 20, unsaved: null },
    miners: Array.from({ length: miners }, (_, i) => ({
      ...{ uid: i, hotkey: `5Miner${i}${EVIL}`, hasAxon: true, rank: i + 1, score: 1 - i / miners },
      ...{ answer: 0.5, judge: 0.5, evidence: 0.1, pingMs: 20, reasons: [EVIL] },
    })),
  }
}

export function seenRounds(count: number): SeenRound[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ round: 100 + i, seconds: 160, phases: { commit: 40, anchor: 24, audit: 30 } },
    answers: { accept: 40, reject: 2, inconclusive: 1, missed: i % 4, refused: 0 },
    judges: { asked: 7, delivered: 7 },
    verdicts: { delivered: 100, replayed: 20, mismatched: 0 },
    scores: new Map(),
  }))
}
