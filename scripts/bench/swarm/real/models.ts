import { join } from 'node:path'
import type { Engine, EngineOptions } from '../../../../shared/inference/engine.ts'
import { startEngine } from '../../../../shared/inference/start-engine.ts'
import { keepInFlight } from '../../engine/in-flight.ts'
import type { SwarmContext } from '../part.ts'

export type ModelName = 'nano' | 'small' | 'base'

/** Threads of one engine: its models are too small to use more. */
const MOST_THREADS = 2
/** Items under way at once: enough to fill every batch. */
const CONCURRENT = 48
/** What their requests may come to, where an item is all verdicts on a field. */
const QUEUE = 64 * CONCURRENT

/** Runs `use` on an engine of one of our models, and ends the engine. */
export async function withModel<T>(
  { modelsFolder, threads }: Pick<SwarmContext, 'modelsFolder' | 'threads'>,
  name: ModelName,
  use: (engine: Engine) => Promise<T>,
  options: Pick<Partial<EngineOptions>, 'precision' | 'maxBatch' | 'threads'> = {},
): Promise<T> {
  const engine = await startEngine({
    modelFolder: join(modelsFolder, name),
    threads: Math.min(threads, MOST_THREADS),
    maxQueue: QUEUE,
    ...options,
  })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}

/** Maps with many calls under way; results in the order of the items. */
export async function mapInFlight<In, Out>(
  items: readonly In[],
  work: (item: In, index: number) => Promise<Out>,
  onDone?: (done: number) => void,
): Promise<Out[]> {
  const results: Out[] = []
  const entries = items.entries()
  let done = 0
  await keepInFlight(CONCURRENT, () => {
    const next = entries.next()
    if (next.done) return undefined
    const [index, item] = next.value
    return work(item, index).then((result) => {
      results[index] = result
      onDone?.(++done)
    })
  })
  return results
}
