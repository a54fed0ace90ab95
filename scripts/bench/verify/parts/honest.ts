import { engineAnswerer } from '../../../../miner/answerer.ts'
import { createScheduler } from '../../../../shared/inference/engine/scheduler.ts'
import type { Backend, Engine } from '../../../../shared/inference/engine.ts'
import { type LoadedModel, loadModel } from '../../../../shared/inference/model/folder.ts'
import { createOwnRuntime, type OwnRuntimeOptions } from '../../../../shared/inference/model/own-runtime.ts'
import type { Optimization } from '../../../../shared/inference/onnx/session.ts'
import { applyStretch } from '../../../../shared/proof/cusum.ts'
import { rowOf, runAttack } from '../attack.ts'
import { miner } from '../audit-answers.ts'
import { type ClassSession, type Context, inEachClass, withEngine } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'
import type { Trial } from '../trial.ts'

/** Generations that may wait: as many as the bench keeps under way. */
const MAX_QUEUE = 64

/** Ways to run one class honestly, and what share of the answers each gives. */
const CONTROLS: readonly Control[] = [
  { name: '1 thread, 16 at once', share: 0.3, threads: 1, maxBatch: 16 },
  { name: '2 threads, 16 at once', share: 0.2, threads: 2, maxBatch: 16 },
  { name: '1 thread, 4 at once', share: 0.1, threads: 1, maxBatch: 4 },
  { name: '2 threads, one by one', share: 0.1, threads: 2, maxBatch: 1 },
  { name: 'graph as it was written', share: 0.15, threads: 1, maxBatch: 16, optimization: 'disabled' },
  { name: 'graph with little rewritten', share: 0.15, threads: 1, maxBatch: 16, optimization: 'basic' },
]

interface Control {
  readonly name: string
  readonly share: number
  readonly threads: number
  readonly maxBatch: number
  /** How far ONNX Runtime may rewrite the graph; as far as it can unless told. */
  readonly optimization?: Optimization
}

/** Honest answers from engines that are set up differently: how many are wronged, by one answer or by the sum over all. */
export async function measureHonest(context: Context): Promise<PartResult> {
  const sums: Record<string, unknown> = {}
  const rows = await inEachClass(context, async (session) => {
    const rows: AttackRow[] = []
    const all: Trial[] = []
    for (const control of CONTROLS) {
      const count = Math.round(context.sizes.honest * control.share)
      if (count === 0) continue
      const trials = await runControl(context, session, control, count)
      rows.push(rowOf(session, `honest: ${control.name}`, trials))
      all.push(...trials)
    }
    sums[session.class.name] = sumsOver(all)
    return [...rows, rowOf(session, 'honest', all)]
  })
  return { rows, facts: { sums } }
}

async function runControl(
  context: Context,
  session: ClassSession,
  control: Control,
  count: number,
): Promise<Trial[]> {
  const { name, share: _, ...options } = control
  const { modelFolder } = context
  const run = (prover: Backend) => {
    const answerer = engineAnswerer(prover, miner.publicKey, session.calibration.whitening)
    return runAttack(context, session, { name: `honest: ${name}`, count, answerer })
  }
  const { precision } = session.class
  if (options.optimization === undefined)
    return withEngine({ modelFolder, precision, maxQueue: MAX_QUEUE, ...options }, run)
  return withInProcess(session.honest, await loadModel(modelFolder), { precision, ...options }, run)
}

/** Runs `use` on a runtime in this process, with options that no engine is started with. */
async function withInProcess<T>(
  like: Engine,
  { manifest, weights }: LoadedModel,
  options: Pick<OwnRuntimeOptions, 'precision' | 'threads' | 'maxBatch' | 'optimization'>,
  use: (prover: Backend) => Promise<T>,
): Promise<T> {
  const now = () => performance.now()
  const runtime = await createOwnRuntime({ architecture: manifest.architecture, weights, now, ...options })
  const scheduler = createScheduler({ runtime, stopTokens: like.model.stopTokens, maxQueue: MAX_QUEUE, now })
  try {
    return await use({
      ...like,
      async generate(request) {
        const generation = await scheduler.generate(request)
        return { ...generation, text: like.text.decode(generation.tokens) }
      },
    })
  } finally {
    await runtime.close()
  }
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
