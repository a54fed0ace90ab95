import { applyStretch } from '../../../shared/proof/cusum.ts'
import type { Evidence } from '../../../shared/proof/evidence/evidence.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import type { Reading, Verifier } from '../../../shared/verify/verifier.ts'
import { quantile } from '../devnet/quantile.ts'
import type { Trial } from './trial.ts'

/** What a miner that answers like this got through before its tokens gave it away. */
export interface Delay {
  /** Including the token that raised the alarm; infinite where none did. */
  readonly tokens: number
  readonly nats: number
  /** Before that token. */
  readonly natsBefore: number
}

/** Answers after which a run that was not caught ends. */
const MOST_ANSWERS = 400

/**
 * Starts a run at every answer: answer after answer in order, from the first again after the last, until the verifier rejects one or
 * the sums of evidence reach their threshold. Both are asked at every token, through the verifier itself, about the answer so far.
 */
export async function delaysOf(trials: readonly Trial[], verifier: Verifier): Promise<Delay[]> {
  const answers = trials.flatMap(({ claim, reading }) =>
    claim === undefined || reading === undefined ? [] : [{ claim, reading }],
  )
  const prepared: Prepared[] = []
  for (const { claim, reading } of answers) {
    const finding = await verifier.decide(claim, reading)
    const isRejected = finding.verdict === 'reject'
    prepared.push({
      ...{ claim, reading, isRejected, evidence: finding.evidence },
      tokens: reading.margins.length,
      nats: natsOf(reading, reading.margins.length),
    })
  }
  const delays: Delay[] = []
  for (const start of prepared.keys()) delays.push(await run(prepared, start, verifier))
  return delays
}

interface Prepared {
  readonly claim: Claim
  readonly reading: Reading
  readonly isRejected: boolean
  readonly evidence: Evidence | undefined
  readonly tokens: number
  readonly nats: number
}

async function run(answers: readonly Prepared[], start: number, verifier: Verifier): Promise<Delay> {
  let [tokens, nats, sum] = [0, 0, 0]
  for (let n = 0; n < MOST_ANSWERS; n++) {
    const answer = answers[(start + n) % answers.length]!
    const { evidence, isRejected } = answer
    const after = evidence && applyStretch(sum, evidence)
    if (isRejected || (after !== undefined && after.peak >= 1)) {
      const until = await firstAlarm(answer, sum, verifier)
      return {
        tokens: tokens + until,
        nats: nats + natsOf(answer.reading, until),
        natsBefore: nats + natsOf(answer.reading, until - 1),
      }
    }
    tokens += answer.tokens
    nats += answer.nats
    sum = after?.sum ?? sum
  }
  const never = Number.POSITIVE_INFINITY
  return { tokens: never, nats: never, natsBefore: never }
}

/** Tokens of an answer up to the one that raises the alarm, by halving: an answer that is caught stays so as it grows. */
async function firstAlarm({ claim, reading }: Prepared, sum: number, verifier: Verifier): Promise<number> {
  let [below, caught] = [0, reading.margins.length]
  while (caught - below > 1) {
    const middle = (below + caught) >> 1
    const { margins, logProbs } = reading
    const part = { ...reading, margins: margins.slice(0, middle), logProbs: logProbs.slice(0, middle) }
    const { verdict, evidence } = await verifier.decide(claim, part)
    const isCaught = verdict === 'reject' || (evidence !== undefined && applyStretch(sum, evidence).peak >= 1)
    if (isCaught) caught = middle
    else below = middle
  }
  return caught
}

/** Surprise of the first tokens of an answer, without those that are impossible. */
function natsOf({ logProbs }: Reading, tokens: number): number {
  let nats = 0
  for (const logProb of logProbs.subarray(0, tokens)) if (Number.isFinite(logProb)) nats -= logProb
  return nats
}

/** Quantiles over runs; infinity is what was not caught, as JSON null. */
export interface DelaySummary {
  readonly runs: number
  readonly tokens: { readonly median: number | null; readonly p999: number | null }
  readonly nats: { readonly median: number | null; readonly p999: number | null }
}

export function summarizeDelays(delays: readonly Delay[]): DelaySummary {
  const of = (value: (delay: Delay) => number) => {
    const values = delays.map(value)
    const finite = (number: number) => (Number.isFinite(number) ? number : null)
    return { median: finite(quantile(values, 0.5)), p999: finite(quantile(values, 0.999)) }
  }
  return { runs: delays.length, tokens: of(({ tokens }) => tokens), nats: of(({ nats }) => nats) }
}

/** How many runs were caught in the shortest beginning that has both, so many tokens and so many nats. */
export function caughtWithin(delays: readonly Delay[], { tokens = 0, nats = 0 }): number {
  return delays.filter((delay) => delay.tokens <= tokens || delay.natsBefore < nats).length
}
