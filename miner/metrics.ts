import type { Metrics } from '../shared/process/metrics/create-metrics.ts'
import { REPLY_TYPE } from '../shared/protocol/messages.ts'
import { REFUSAL_CODES } from '../shared/protocol/watch-session.ts'

/** A commit takes as long as the answer, up to the deadline of 60 s; a reveal is a look-up. A bucket every factor of about two between. */
const REQUEST_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60]

const VALIDATOR_LABEL = { validator: 'uid of the validator, below 256' } as const

export type MinerSeries = ReturnType<typeof minerSeries>

/** Every series of a miner, as one tree. */
export function minerSeries(metrics: Metrics) {
  const type = Object.keys(REPLY_TYPE).join(', ')
  return {
    sessions: metrics.gauge({
      name: 'starling_miner_sessions_count',
      help: 'Connections with validators that stand now',
    }),
    requests: {
      seconds: metrics.histogram({
        name: 'starling_miner_request_seconds',
        help: 'Time from a validator’s request to its reply or refusal',
        labels: { type },
        buckets: REQUEST_BUCKETS,
      }),
      results: metrics.counter({
        name: 'starling_miner_requests_total',
        help: 'Requests of validators, by what they got',
        labels: { type, result: ['answered', ...REFUSAL_CODES].join(', ') },
      }),
    },
    answers: {
      seconds: metrics.histogram({
        name: 'starling_miner_answer_seconds',
        help: 'Time from a challenge to its answer, waiting for a slot included',
        buckets: REQUEST_BUCKETS,
      }),
      tokens: metrics.counter({
        name: 'starling_miner_answer_tokens_total',
        help: 'Tokens of answers to challenges',
      }),
    },
    receipts: {
      count: metrics.counter({
        name: 'starling_miner_receipts_total',
        help: 'Receipts that proved what a validator settled for this miner',
      }),
      round: metrics.gauge({
        name: 'starling_miner_receipt_round_number',
        help: 'Round of the newest receipt of a validator',
        labels: VALIDATOR_LABEL,
      }),
      score: metrics.gauge({
        name: 'starling_miner_score',
        help: 'Score in the newest receipt of a validator, 0 to 1',
        labels: VALIDATOR_LABEL,
      }),
      answers: metrics.gauge({
        name: 'starling_miner_receipt_answers_count',
        help: 'Answers in the newest receipt of a validator, by what became of them',
        labels: { ...VALIDATOR_LABEL, result: 'accepted, rejected, inconclusive, missed, refused' },
      }),
      reasons: metrics.gauge({
        name: 'starling_miner_reasons_count',
        help: 'Reasons in the newest receipt of a validator why the score is not higher; the status page has the sentences',
        labels: VALIDATOR_LABEL,
      }),
      failures: metrics.counter({
        name: 'starling_miner_receipt_write_failures_total',
        help: 'Receipts that could not be kept on disk',
      }),
    },
    pay: {
      incentive: metrics.gauge({
        name: 'starling_miner_incentive_ratio',
        help: 'Share of the subnet’s incentive at the last epoch',
      }),
      emission: metrics.gauge({
        name: 'starling_miner_emission_rao',
        help: 'Paid to this hotkey at the last epoch, in the subnet’s alpha',
      }),
      rank: metrics.gauge({
        name: 'starling_miner_rank',
        help: 'Place by incentive among all neurons of the subnet, from 1',
      }),
    },
  }
}
