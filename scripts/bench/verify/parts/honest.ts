import { engineAnswerer } from '../../../../miner/answerer.ts'
import { applyStretch } from '../../../../shared/proof/cusum.ts'
import { rowOf, runAttack } from '../attack.ts'
import { miner } from '../audit-answers.ts'
import { type ClassSession, type Context, inEachClass, withEngine } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'
import type { Trial } from '../trial.ts'

/** Ways to run one class honestly, and what share of the answers each gives. */
const CONTROLS = [
  { name: '1 thread, 16 at once', share: 0.4, threads: 1, maxBatch: 16 },
  { name: '2 threads, 16 at once', share: 0.3, threads: 2, maxBatch: 16 },
  { name: '1 thread, 4 at once', share: 0.2, threads: 1, maxBatch: 4 },
  { name: '2 threads, one by one', share: 0.1, threads: 2, maxBatch: 1 },
]

/** Honest answers from engines that are set up differently: how many are wronged, by one answer or by the sum over all. */
export async function measureHonest(context: Context): Promise<PartResult> {
  const sums: Record<string, unknown> = {}
  const rows = await inEachClass(context, async (session) => {
    const rows: AttackRow[] = []
    const all: Trial[] = []
    for (const control of CONTROLS) {
      const trials = await runControl(context, session, control)
      rows.push(rowOf(session, `honest: ${control.name}`, trials))
      all.push(...trials)
    }
    sums[session.class.name] = sumsOver(all)
    return [...rows, rowOf(session, 'honest', all)]
  })
  return { rows, facts: { sums } }
}

function runControl(
  context: Context,
  session: ClassSession,
  control: (typeof CONTROLS)[number],
): Promise<Trial[]> {
  const { name, share, ...limits } = control
  const { modelFolder, sizes } = context
  // Generations that wait are as many as the bench keeps under way.
  const options = { modelFolder, precision: session.class.precision, maxQueue: 64, ...limits }
  return withEngine(options, (prover) => {
    const answerer = engineAnswerer(prover, miner.publicKey, session.calibration.whitening)
    const count = Math.ceil(sizes.honest * share)
    return runAttack(context, session, { name: `honest: ${name}`, count, answerer })
  })
}

/** What the evidence of all answers adds up to, as if one miner had given them: the alarm is at 1. */
export function sumsOver(
  trials: readonly Pick<Trial, 'evidence'>[],
): Record<string, { largest: number; alarms: number }> {
  const sums: Record<string, { sum: number; largest: number; alarms: number }> = {}
  for (const { evidence } of trials) {
    for (const { statistic, ...stretch } of evidence) {
      sums[statistic] ??= { sum: 0, largest: 0, alarms: 0 }
      const own = sums[statistic]
      const { sum, peak } = applyStretch(own.sum, stretch)
      own.largest = Math.max(own.largest, peak)
      own.alarms += Number(peak >= 1)
      // As in the score book: an alarm settles the account.
      own.sum = peak >= 1 ? 0 : sum
    }
  }
  return Object.fromEntries(
    Object.entries(sums).map(([statistic, { largest, alarms }]) => [statistic, { largest, alarms }]),
  )
}
