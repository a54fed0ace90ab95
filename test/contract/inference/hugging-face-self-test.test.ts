import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Bindings } from '../../../shared/inference/hugging-face/bindings.ts'
import {
  createHuggingFaceRuntime,
  type HuggingFaceSource,
} from '../../../shared/inference/hugging-face/create-runtime.ts'
import { openGraph } from '../../../shared/inference/hugging-face/graph-run.ts'
import { openHuggingFaceFolder } from '../../../shared/inference/hugging-face/open-folder.ts'
import { exportedRuntime } from '../../../shared/inference/hugging-face/runtime.ts'
import { deviceGap, type SelfTest, selfTest } from '../../../shared/inference/hugging-face/self-test.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { exportedFolder, type Layout } from '../../support/inference/exported-folder.ts'

/** Counts the runs of two prompts and a step, too: what is believed to share must do so. */
async function tried(
  layout: Layout,
  change: (bindings: Bindings) => Bindings,
): Promise<SelfTest & { runs: number }> {
  const { source } = await openHuggingFaceFolder(await exportedFolder(layout), 'cpu')
  const path = join(source.folder, source.onnxFile)
  const bindings = change(source.bindings)
  const loaded = await openGraph({
    path,
    bindings,
    provider: 'cpu',
    threads: 1,
    dedicated: false,
  })
  let runs = 0
  const graph: typeof loaded = {
    ...loaded,
    run(...args) {
      runs += 1
      return loaded.run(...args)
    },
  }
  const parts = { graph, bindings, contextLength: 256, maxBatch: 4, width: 64, now: () => 0 }
  const alone = exportedRuntime({ ...parts, shares: false })
  const together = exportedRuntime({ ...parts, shares: true })
  const result = await selfTest(alone, together)
  runs = 0
  await stepTwo(together)
  await graph.release()
  return { ...result, runs }
}

async function stepTwo(runtime: Runtime): Promise<void> {
  const held = [runtime.open(), runtime.open()]
  await runtime.extend(
    held.map((sequence) => ({ sequence, tokens: [1, 2] })),
    false,
  )
  await runtime.step(held, [3, 4], false)
}

const swapParts = (name: string) =>
  name.endsWith('key') ? name.replace(/key$/, 'value') : name.replace(/value$/, 'key')

test.each(['optimum', 'genai'] as const)('%s: sequences share runs', async (layout) => {
  expect(await tried(layout, (bindings) => bindings)).toEqual({ continues: true, shares: true, runs: 2 })
})

test.each([
  ['optimum', 'start'],
  ['genai', 'end'],
] as const)('%s: a cache that is padded at the wrong side is noticed', async (layout, side) => {
  expect(await tried(layout, (bindings) => ({ ...bindings, side }))).toMatchObject({
    continues: true,
    shares: false,
  })
})

test('a graph that does not continue from its own cache is refused', async () => {
  const { source } = await openHuggingFaceFolder(await exportedFolder('optimum'), 'cpu')
  const cache = source.bindings.cache.map((tensor) => ({ ...tensor, past: swapParts(tensor.past) }))
  const bindings = { ...source.bindings, cache }
  expect(await tried('optimum', () => bindings)).toMatchObject({ continues: false })
  const opening = createHuggingFaceRuntime({
    source: { ...source, bindings },
    provider: 'cpu',
    threads: 1,
    dedicated: false,
    maxBatch: 4,
    now: () => 0,
  })
  await expect(opening).rejects.toSatisfy((error) => hasCode(error, 'MODEL_UNSERVABLE'))
})

test('a device that computes something else is told from one that rounds', async () => {
  const { source } = await openHuggingFaceFolder(await exportedFolder('genai'), 'cpu')
  const half = await openHuggingFaceFolder(await exportedFolder('genai', 'fp16'), 'cpu')
  const start = (from: HuggingFaceSource) =>
    createHuggingFaceRuntime({
      source: from,
      provider: 'cpu',
      threads: 1,
      dedicated: false,
      maxBatch: 4,
      now: () => 0,
    })
  const [cpu, rounding] = [await start(source), await start(half.source)]
  expect(await deviceGap(rounding, cpu)).toBeLessThan(0.01)
  // As a kernel that goes wrong on longer inputs: short ones agree.
  const wrong: Runtime = {
    ...cpu,
    async read(sequences, wantHidden) {
      const batch = await cpu.read(sequences, wantHidden)
      return batch.padded < 32 ? batch : { ...batch, logits: batch.logits.map((value) => value + 1) }
    },
  }
  expect(await selfTest(wrong, wrong)).toEqual({ continues: true, shares: true })
  expect(await deviceGap(wrong, cpu)).toBeGreaterThan(0.05)
  await Promise.all([cpu.close(), rounding.close()])
})

test('a graph whose hidden state was not found is served without', async () => {
  const { source } = await openHuggingFaceFolder(await exportedFolder('optimum'), 'cpu')
  const bindings = { ...source.bindings, hidden: undefined, mustTap: false }
  const runtime = await createHuggingFaceRuntime({
    source: { ...source, bindings },
    provider: 'cpu',
    threads: 1,
    dedicated: false,
    maxBatch: 4,
    now: () => 0,
  })
  expect(runtime.shape.width).toBe(0)
  expect((await runtime.read([[1, 2, 3]], true)).hidden).toHaveLength(0)
  const sequence = runtime.open()
  const rows = await runtime.extend([{ sequence, tokens: [1, 2, 3] }], true)
  expect(rows.hidden).toHaveLength(0)
  expect(rows.logits).toHaveLength(259)
  await runtime.close()
})
