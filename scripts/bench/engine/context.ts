import type { Engine, EngineOptions } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import type { Report, SuiteResult } from '../suite.ts'
import type { BenchModel, ModelName } from './models.ts'
import type { SampleSizes } from './sample-sizes.ts'

/** What every part of the suite is given. */
export interface Context {
  readonly sizes: SampleSizes
  readonly models: Readonly<Record<ModelName, BenchModel>>
  /** Of each engine, each peer and each graph that rates the machine. */
  readonly threads: number
  readonly seed: number
  readonly now: () => number
  readonly report: Report
}

/** One part of the suite: raw outcomes under names of their own, and bars. */
export interface Part extends SuiteResult {
  readonly raw: Readonly<Record<string, unknown>>
}

/** Runs `use` on an engine that has the cores to itself, and ends the engine. */
export async function withEngine<T>(
  { threads }: Pick<Context, 'threads'>,
  modelFolder: string,
  use: (engine: Engine) => Promise<T>,
  options: Pick<EngineOptions, 'maxBatch' | 'maxQueue' | 'precision'> = {},
): Promise<T> {
  const engine = await startEngine({ modelFolder, threads, dedicated: true, ...options })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}
