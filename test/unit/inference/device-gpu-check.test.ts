import { expect, test } from 'vitest'
import type { ProviderResult } from '../../../scripts/gpu-check/check.ts'
import { floorMs, stepBytes } from '../../../scripts/gpu-check/floor.ts'
import { renderCheck } from '../../../scripts/gpu-check/render.ts'
import { BASE, LARGE } from '../../../scripts/gpu-check/shapes.ts'
import { largestGap, measureDecode, measurePrefill } from '../../../scripts/gpu-check/speed.ts'
import { parameterCount } from '../../../shared/inference/model/architecture.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'

test('the large model has about a billion parameters', () => {
  expect(parameterCount(LARGE)).toBeGreaterThan(1.0e9)
  expect(parameterCount(LARGE)).toBeLessThan(1.1e9)
})

test('the floor is weights once and each sequence’s keys and values', () => {
  const weights = parameterCount(BASE) * 4
  // 6 layers, 2 heads of 32 values, keys and values, 4 bytes.
  expect(stepBytes(BASE, 'fp32', 1, 100)).toBe(weights + 100 * 4 * 2 * 32 * 2 * 4)
  expect(stepBytes(BASE, 'fp32', 16, 100)).toBe(weights + 16 * 100 * 4 * 2 * 32 * 2 * 4)
  expect(stepBytes(BASE, 'fp16', 16, 100)).toBe(stepBytes(BASE, 'fp32', 16, 100) / 2)
  // 4.8 TB/s reads 2.4 GB in half a millisecond.
  expect(floorMs(2.4e9, 4800)).toBeCloseTo(0.5, 9)
})

/** Every call takes as long as told; logits are all `value`. */
function timedRuntime(ms: (kind: 'extend' | 'step') => number, value = 0) {
  let clock = 0
  const open = new Set<object>()
  const shape = { vocabularySize: 4, width: 2, contextLength: 1024, maxBatch: 16 }
  const rows = (count: number) => ({ logits: new Float32Array(count * 4).fill(value), hidden: undefined })
  const take = (kind: 'extend' | 'step') => {
    clock += ms(kind)
  }
  const runtime: Runtime = {
    shape,
    read: async (sequences) => ({ padded: sequences[0]!.length, ...rows(sequences[0]!.length) }),
    open: () => {
      const sequence = { length: 0 }
      open.add(sequence)
      return sequence
    },
    extend: async (chunks) => {
      take('extend')
      return rows(chunks.length)
    },
    step: async (sequences) => {
      take('step')
      return rows(sequences.length)
    },
    release: (sequence) => void open.delete(sequence),
    close: async () => {},
  }
  return { runtime, open, now: () => clock }
}

test('decode speed is the median step after the warm-up, and prefill the best after the first', async () => {
  let steps = 0
  // Four slow steps to warm up, then one slow among fast ones.
  const decoding = timedRuntime((kind) => (kind === 'extend' ? 500 : steps++ < 4 || steps === 8 ? 100 : 2))
  const options = { promptTokens: 10, decodeSteps: 8, now: decoding.now }
  expect(await measureDecode(decoding.runtime, 16, options)).toEqual({
    batch: 16,
    stepMs: 2,
    tokensPerSecond: 8000,
    length: 18,
  })
  expect(decoding.open.size).toBe(0)

  const times = [900, 30, 20]
  const reading = timedRuntime(() => times.shift()!)
  expect(await measurePrefill(reading.runtime, 512, reading.now)).toBe(20)
  expect(reading.open.size).toBe(0)
})

test('logits that are no numbers end a measurement, and gaps are seen', async () => {
  const broken = timedRuntime(() => 1, Number.NaN)
  const options = { promptTokens: 1, decodeSteps: 1, now: broken.now }
  await expect(measureDecode(broken.runtime, 1, options)).rejects.toThrow('logits of step 0')
  expect(await largestGap(timedRuntime(() => 1, 2).runtime, timedRuntime(() => 1, 5).runtime, 3)).toBe(3)
})

test('the table names what failed and gives ratios to the floor', () => {
  const results: ProviderResult[] = [
    {
      provider: 'webgpu',
      selfTest: { kind: 'passed', error: 1e-5, speedup: 12 },
      gigabytesPerSecond: 4000,
      models: [
        {
          name: 'base fp32',
          architecture: BASE,
          prefillTokens: 512,
          prefillMs: 8,
          cpuGap: 2e-6,
          decode: [{ batch: 16, stepMs: 2, tokensPerSecond: 8000, length: 18, floorMs: 0.25 }],
        },
        { name: 'large fp16', failed: 'no f16\nat a place' },
      ],
    },
    {
      provider: 'cuda',
      selfTest: { kind: 'failed', reason: 'no library' },
      gigabytesPerSecond: undefined,
      models: [],
    },
  ]
  const text = renderCheck(
    [
      { name: 'webgpu', bundled: true },
      { name: 'cuda', bundled: false },
    ],
    results,
  )
  expect(text).toContain('webgpu, cuda (libraries not in the package)')
  expect(text).toContain('cuda: self-test failed: no library')
  expect(text).toMatch(/webgpu: self-test passed .*12 × one CPU core, bandwidth 4000 GB\/s/)
  expect(text).toMatch(/decode 16 +│ +8000 │ +2 │ +0\.25 │ +8 /)
  expect(text).toMatch(/prefill 512 +│ +64000 │ +8 │/)
  expect(text).toContain('webgpu, large fp16: no f16')
  expect(text).not.toContain('at a place')
})
