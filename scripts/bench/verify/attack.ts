import type { Answerer } from '../../../miner/answerer.ts'
import { standardVerifiers } from '../../../shared/verify/standard.ts'
import type { Verifier } from '../../../shared/verify/verifier.ts'
import type { RoundConfig } from '../../../validator/config.ts'
import { answersNeeded } from './answers-needed.ts'
import { auditOrders, type Tamper } from './audit-answers.ts'
import { benchConfig, type ClassSession, type Context, deskOf, ordersFor } from './context.ts'
import { caughtWithin, delaysOf, summarizeDelays } from './delays.ts'
import type { AttackRow } from './results.ts'
import { reasonsOf, type Trial, tally } from './trial.ts'

/** One kind of answers, honest or not. */
export interface Attack {
  readonly name: string
  readonly count: number
  readonly answerer: Answerer
  readonly config?: RoundConfig
  readonly tamper?: Tamper
}

/** Has as many answers of that kind made and audited. */
export async function runAttack(context: Context, session: ClassSession, attack: Attack): Promise<Trial[]> {
  const { name, count, answerer, config = benchConfig(), tamper } = attack
  const orders = ordersFor(context, session, { name, count, config })
  let done = 0
  const onDone = () => context.report(`${session.class.name}: ${name}`, ++done, count)
  return auditOrders(deskOf(session, config), orders, answerer, { onDone, ...(tamper && { tamper }) })
}

export function rowOf(session: ClassSession, attack: string, trials: readonly Trial[]): AttackRow {
  const answers = answersNeeded(trials)
  return { class: session.class.name, attack, ...tally(trials), answers, reasons: reasonsOf(trials) }
}

/** What answers may take before their tokens must have given the miner away. */
const BUDGETS = {
  '10 nats': { nats: 10 },
  '100 nats and 128 tokens': { nats: 100, tokens: 128 },
  '128 tokens': { tokens: 128 },
  '250 tokens': { tokens: 250 },
  '250 nats': { nats: 250 },
  '400 nats': { nats: 400 },
} as const

/** The row of a cheat that only its tokens give away: how long that takes, over one answer after the other. */
export async function delayedRow(
  session: ClassSession,
  attack: string,
  trials: readonly Trial[],
  config: RoundConfig = benchConfig(),
): Promise<AttackRow> {
  const delays = await delaysOf(trials, replayOf(session, config))
  const within = Object.entries(BUDGETS).map(
    ([name, budget]) => [name, caughtWithin(delays, budget)] as const,
  )
  return {
    ...rowOf(session, attack, trials),
    delay: {
      ...summarizeDelays(delays),
      natsPerToken: natsPerToken(trials),
      within: Object.fromEntries(within),
    },
  }
}

function natsPerToken(trials: readonly Trial[]): number {
  const of = (value: (trial: Trial) => number) => trials.reduce((sum, trial) => sum + value(trial), 0)
  return of(({ surprise }) => surprise) / of(({ reading }) => reading?.margins.length ?? 0)
}

/** The verifier of tokens, as the validator's audit has it. */
function replayOf({ calibration }: ClassSession, { auditTolerance }: RoundConfig): Verifier {
  const calibrations = new Map([[calibration.calibration.model, calibration]])
  return standardVerifiers({ calibrations, tolerance: auditTolerance }).find(({ name }) => name === 'replay')!
}
