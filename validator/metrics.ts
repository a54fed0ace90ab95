import { type Metrics, UID_LABEL } from '../shared/process/metrics/create-metrics.ts'
import { REFUSAL_CODES, REQUEST_RESULTS } from '../shared/protocol/watch-session.ts'
import { LOST_ROUNDS, ROUND_PHASES } from './watch/events.ts'

export const ANSWER_RESULTS = ['accept', 'reject', 'inconclusive', 'missed', 'refused'] as const
export type AnswerResult = (typeof ANSWER_RESULTS)[number]

const WEIGHT_STEPS = ['intent', 'in_block', 'refused', 'lost', 'revealed', 'expired', 'superseded'] as const

/**
 * A request is over at its deadline, 60 s by default; an idle miner on the same continent answers a reveal in a tenth of a second. A
 * bucket every factor of about two between.
 */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60]
/** A round lasts 25 blocks of 12 s by default, and its longest phase is one deadline of 60 s, or the blocks of an anchor. */
const PHASE_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300]

const oneOf = (values: readonly string[]) => values.join(', ')

export type ValidatorSeries = ReturnType<typeof validatorSeries>

/** Every series of a validator, as one tree. */
export function validatorSeries(metrics: Metrics) {
  return {
    round: {
      settled: metrics.gauge({
        name: 'starling_validator_round_number',
        help: 'Number of the last settled round, -1 before the first',
      }),
      outcomes: metrics.counter({
        name: 'starling_validator_rounds_total',
        help: 'Rounds that were due, by how they ended',
        labels: { result: oneOf(['settled', ...LOST_ROUNDS]) },
      }),
      phases: metrics.histogram({
        name: 'starling_validator_round_phase_seconds',
        help: 'Time that a phase of a round took',
        labels: { phase: oneOf(ROUND_PHASES) },
        buckets: PHASE_BUCKETS,
      }),
      answers: metrics.counter({
        name: 'starling_validator_answers_total',
        help: 'Answers of settled rounds, by what became of them',
        labels: { result: oneOf(ANSWER_RESULTS) },
      }),
      judges: metrics.gauge({
        name: 'starling_validator_judges_count',
        help: 'Judges of the last settled round: asked, and those that delivered something',
        labels: { state: 'asked, delivered' },
      }),
      verdicts: metrics.counter({
        name: 'starling_validator_verdicts_total',
        help: 'Verdicts of settled rounds: delivered, computed again, and not what the judge’s model gives',
        labels: { check: 'delivered, replayed, mismatched' },
      }),
    },
    miner: {
      score: metrics.gauge({
        name: 'starling_validator_miner_score',
        help: 'Score of a miner, 0 to 1',
        labels: UID_LABEL,
      }),
      rank: metrics.gauge({
        name: 'starling_validator_miner_rank',
        help: 'Place of a miner by score, from 1; miners without a score have none',
        labels: UID_LABEL,
      }),
      evidence: metrics.gauge({
        name: 'starling_validator_miner_evidence_ratio',
        help: 'Highest sum of small differences over many answers; 1 is a reject',
        labels: UID_LABEL,
      }),
      ping: metrics.gauge({
        name: 'starling_validator_session_ping_seconds',
        help: 'Median round trip to a connected miner',
        labels: UID_LABEL,
      }),
    },
    sessions: metrics.gauge({
      name: 'starling_validator_sessions_count',
      help: 'Connections to miners that stand now',
    }),
    requests: {
      seconds: metrics.histogram({
        name: 'starling_validator_request_seconds',
        help: 'Time from a request to its end, by type and how it ended',
        labels: { type: 'type of the request', result: oneOf(REQUEST_RESULTS) },
        buckets: REQUEST_BUCKETS,
      }),
      refusals: metrics.counter({
        name: 'starling_validator_refusals_total',
        help: 'Requests that miners refused, by their code',
        labels: { code: oneOf(REFUSAL_CODES) },
      }),
    },
    weights: {
      age: metrics.gauge({
        name: 'starling_validator_weights_age_blocks',
        help: 'Blocks since the chain last took weights, or a commit of weights, of this hotkey',
      }),
      limit: metrics.gauge({
        name: 'starling_validator_weights_limit_blocks',
        help: 'Age of weights from which /readyz is red; it follows from the subnet’s tempo and rate limit',
      }),
      steps: metrics.counter({
        name: 'starling_validator_weights_total',
        help: 'Steps of publishing weights that were written down',
        labels: { step: oneOf(WEIGHT_STEPS) },
      }),
    },
    state: {
      bytes: metrics.gauge({
        name: 'starling_validator_state_bytes',
        help: 'Files of the state folder together, published rounds not counted',
      }),
      failures: metrics.counter({
        name: 'starling_validator_state_write_failures_total',
        help: 'Writes of scores or weights to disk that failed',
      }),
    },
  }
}
