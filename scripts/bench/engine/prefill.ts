import type { Engine } from '../../../shared/inference/engine.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { drawRequest } from './requests.ts'

/** One group of prompts, read at once; each answer is a single token. */
export interface PrefillRun {
  /** Within native calls. */
  readonly runMs: number
  /** From the calls to the last answer. */
  readonly ms: number
}

/** Reads `batch` prompts of `tokens` tokens at once, `runs` times after one that does not count. */
export async function prefillRuns(
  engine: Pick<Engine, 'generate' | 'stats'>,
  { batch, tokens, runs }: { readonly batch: number; readonly tokens: number; readonly runs: number },
  random: Random,
  now: () => number,
): Promise<PrefillRun[]> {
  const measured: PrefillRun[] = []
  for (let run = 0; run <= runs; run++) {
    const requests = Array.from({ length: batch }, () => drawRequest(random, tokens, 1))
    const before = await engine.stats()
    const began = now()
    await Promise.all(requests.map((request) => engine.generate(request)))
    const ms = now() - began
    const { runMs } = await engine.stats()
    if (run > 0) measured.push({ runMs: runMs - before.runMs, ms })
  }
  return measured
}
