import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dtype } from '../../../shared/inference/export/elements.ts'
import { writeFiles } from '../../../shared/inference/export/files.ts'
import { genaiFiles } from '../../../shared/inference/export/genai.ts'
import { huggingFaceFiles } from '../../../shared/inference/export/hugging-face.ts'
import { headWidth } from '../../../shared/inference/model/architecture.ts'
import { fromFloat16 } from '../../../shared/inference/model/float16.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'
import { TINY_MODEL } from '../../unit/inference/tiny-export.ts'
import { TINY } from '../../unit/inference/tiny-model.ts'

const { vocabularySize, layers, kvHeads } = TINY
let folder: string
let ours: Runtime

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-export-'))
  ours = await createOwnRuntime({
    architecture: TINY,
    weights: TINY_MODEL.weights,
    threads: 1,
    maxBatch: 2,
    now: () => 0,
  })
})
afterAll(async () => {
  await ours.close()
  await rm(folder, { recursive: true })
})

type Named = Record<string, Tensor>

async function open(layout: 'optimum' | 'genai', dtype: Dtype): Promise<InferenceSession> {
  const files = layout === 'optimum' ? huggingFaceFiles(TINY_MODEL, dtype) : genaiFiles(TINY_MODEL, dtype)
  const target = join(folder, `${layout}-${dtype}`)
  await writeFiles(target, files)
  const { path } = files.find((file) => file.path.endsWith('.onnx'))!
  return InferenceSession.create(join(target, path), {
    intraOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  })
}

function int64(rows: readonly (readonly number[])[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length])
}

/** Feeds without a past; `position_ids` counts real tokens, as callers of such graphs do. */
function feeds(session: InferenceSession, ids: number[][], mask: number[][], past?: Named): Named {
  const type = session.inputMetadata.find(({ name }) => name === 'past_key_values.0.key')!
  const isHalf = type.isTensor && type.type === 'float16'
  const empty = () =>
    new Tensor(isHalf ? 'float16' : 'float32', isHalf ? new Uint16Array(0) : new Float32Array(0), [
      ids.length,
      kvHeads,
      0,
      headWidth(TINY),
    ])
  const all: Named = { input_ids: int64(ids), attention_mask: int64(mask) }
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['key', 'value'])
      all[`past_key_values.${layer}.${part}`] = past?.[`present.${layer}.${part}`] ?? empty()
  }
  if (session.inputNames.includes('position_ids')) {
    const realBefore = (row: number[], column: number) => row.slice(0, column).reduce((a, b) => a + b, 0)
    const counted = mask.map((row) => row.map((_, column) => realBefore(row, column)))
    all.position_ids = int64(counted.map((row) => row.slice(-ids[0]!.length)))
  }
  return all
}

async function run(session: InferenceSession, all: Named): Promise<Named> {
  return (await session.run(all)) as Named
}

function tokens(seed: number, length: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length }, () => below(random, vocabularySize))
}

async function ourLogits(sequence: readonly number[]): Promise<Float32Array> {
  const { logits } = await ours.read([sequence], false)
  return logits.slice(0, sequence.length * vocabularySize)
}

function largestGap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i]!)), 0)
}

const rows = (tensor: Tensor | undefined, first: number, count: number) =>
  (tensor!.data as Float32Array).subarray(first * vocabularySize, (first + count) * vocabularySize)

describe.each(['optimum', 'genai'] as const)('exported %s graph', (layout) => {
  test('computes what our own runtime computes, in one run and with a past', async () => {
    const session = await open(layout, 'fp32')
    const sequence = tokens(1, 48)
    const truth = await ourLogits(sequence)
    const mask = (length: number) => [Array<number>(length).fill(1)]
    const whole = await run(session, feeds(session, [sequence], mask(48)))
    expect(whole.logits!.dims).toEqual([1, 48, vocabularySize])
    expect(largestGap(rows(whole.logits, 0, 48), truth)).toBeLessThan(2e-5)

    let past: Named | undefined
    let done = 0
    for (const count of [30, 1, 16, 1]) {
      const piece = sequence.slice(done, done + count)
      past = await run(session, feeds(session, [piece], mask(done + count), past))
      const expected = truth.subarray(done * vocabularySize, (done + count) * vocabularySize)
      expect(largestGap(rows(past.logits, 0, count), expected)).toBeLessThan(2e-5)
      done += count
    }
    expect(past!['present.1.value']!.dims).toEqual([1, kvHeads, 48, headWidth(TINY)])
    await session.release()
  })

  test('computes the same for sequences that are padded to one length', async () => {
    const session = await open(layout, 'fp32')
    const [short, long] = [tokens(2, 7), tokens(3, 20)]
    const padding = Array<number>(13).fill(0)
    // Grouped-query attention only takes padding on the right.
    const isLeft = layout === 'optimum'
    const padded = isLeft ? [...padding, ...short] : [...short, ...padding]
    const real = short.map(() => 1)
    const mask = [isLeft ? [...padding, ...real] : [...real, ...padding], long.map(() => 1)]
    const { logits } = await run(session, feeds(session, [padded, long], mask))
    expect(largestGap(rows(logits, isLeft ? 13 : 0, 7), await ourLogits(short))).toBeLessThan(2e-5)
    expect(largestGap(rows(logits, 20, 20), await ourLogits(long))).toBeLessThan(2e-5)
    await session.release()
  })

  test('in half precision stays near it, with keys and values in half precision too', async () => {
    const session = await open(layout, 'fp16')
    const sequence = tokens(4, 24)
    const out = await run(session, feeds(session, [sequence], [sequence.map(() => 1)]))
    const gap = largestGap(rows(out.logits, 0, 24), await ourLogits(sequence))
    expect(gap).toBeLessThan(0.05)
    expect(gap).toBeGreaterThan(2e-5)
    expect(out['present.0.key']!.type).toBe('float16')
    const key = Array.from(out['present.0.key']!.data as unknown as Uint16Array, fromFloat16)
    expect(key.every(Number.isFinite)).toBe(true)
    await session.release()
  })
})
