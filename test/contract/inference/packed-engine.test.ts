import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../../shared/inference/engine.ts'
import { readModelInfo } from '../../../shared/inference/model/folder.ts'
import { openModel } from '../../../shared/inference/open-model.ts'
import type { Precision } from '../../../shared/inference/precision.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { exportedFolder } from '../../support/inference/exported-folder.ts'

const modelFolder = 'models/nano'
const sampling = { temperature: 1, topK: 0, topP: 1 }
const prompts = [
  'Tell of a red fox.',
  'What is 17 + 25?',
  'Sort 5291.',
  'Write of the sea at night, and of rain.',
]
const request = (i: number) => ({
  promptTokens: encodePrompt(prompts[i % prompts.length]!),
  seed: new Uint8Array(32).fill(i + 1),
  sampling,
})

describe('nano in 4-bit weights and 8-bit activations', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ modelFolder, threads: 1, precision: 'q4b32a8', device: 'auto' })
  })
  afterAll(() => engine.close())

  test('is the declared model, in a class of its own', async () => {
    const declared = await readModelInfo(modelFolder)
    expect(engine.model).toEqual({
      ...declared,
      executionClass: expect.stringMatching(/^cpu-q4b32a8\/ort-\d/),
    })
    expect(engine.model.level).toBe(3)
  })

  test('gives the same answers to the same requests, each alone', async () => {
    const one = { ...request(0), maxTokens: 48, wantHidden: true }
    expect(await engine.generate(one)).toEqual(await engine.generate(one))
  })

  test('honest answers replay with margins that are nearly all 0, and hidden states that are nearly all close', async () => {
    const margins: number[] = []
    const distances: number[] = []
    await Promise.all(
      Array.from({ length: 32 }, async (_, i) => {
        const { tokens, hidden } = await engine.generate({ ...request(i), maxTokens: 128, wantHidden: true })
        margins.push(...(await engine.replay({ ...request(i), tokens, tolerance: 0.1 })).margins)
        const { promptTokens } = request(i)
        const read = await engine.prefill([...promptTokens, ...tokens.slice(0, -1)])
        distances.push(...rowDistances(hidden!, read.hidden, promptTokens.length - 1, tokens.length))
      }),
    )
    const sorted = margins.sort((a, b) => a - b)
    const share = (of: readonly number[], is: (value: number) => boolean) => of.filter(is).length / of.length
    const exact = share(sorted, (margin) => margin === 0)
    const close = share(distances, (distance) => distance < 1e-5)
    console.log(
      `${sorted.length} margins: ${exact.toFixed(4)} exactly 0, 99.9 % below ` +
        `${sorted[Math.floor(0.999 * sorted.length)]!.toExponential(1)}, largest ${sorted.at(-1)!.toExponential(1)}; ` +
        `rows: ${close.toFixed(3)} below 1e-5, largest ${Math.max(...distances).toExponential(1)}`,
    )
    expect(exact).toBeGreaterThan(0.98)
    expect(sorted.at(-1)).toBeLessThan(1)
    // Where a value lies between two integers, a difference in the last bit moves it by a whole step, and then the row.
    expect(close).toBeGreaterThan(0.9)
    expect(Math.max(...distances)).toBeLessThan(0.3)
  })
})

/** Relative distance of each row of the answer between the steps that sampled and one reading. */
function rowDistances(own: Float32Array, read: Float32Array, first: number, count: number): number[] {
  const width = own.length / count
  return Array.from({ length: count }, (_, row) => {
    let [gap, norm] = [0, 0]
    for (let i = 0; i < width; i++) {
      const value = read[(first + row) * width + i]!
      gap += (own[row * width + i]! - value) ** 2
      norm += value ** 2
    }
    return Math.sqrt(gap / norm)
  })
}

describe('where a precision can not be had', () => {
  const failure = (code: string) => expect.objectContaining({ code, remedy: expect.any(String) })

  test('a device is refused', async () => {
    await expect(openModel(modelFolder, 'webgpu', 'q4b32a8')).rejects.toThrow(failure('PRECISION_UNUSABLE'))
  })

  test('a folder whose graph is already written is refused', async () => {
    const folder = await exportedFolder('optimum')
    await expect(openModel(folder, 'cpu', 'q4b32a8')).rejects.toThrow(failure('PRECISION_UNUSABLE'))
  })

  test('a precision that nobody knows ends the child with a line that names those there are', async () => {
    const starting = startEngine({ modelFolder, threads: 1, precision: 'q4b33a8' as Precision })
    await expect(starting).rejects.toThrow(failure('PRECISION_UNKNOWN'))
  })
})
