import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeviceRuntime } from '../../../shared/inference/device/device-runtime.ts'
import { probe, resolveDevice } from '../../../shared/inference/device/probe.ts'
import { PROBE_ARCHITECTURE, probeWeights, selfTest } from '../../../shared/inference/device/self-test.ts'
import { spawnProbe } from '../../../shared/inference/device/spawn-probe.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'

let cpu: Runtime
beforeAll(async () => {
  cpu = await openDeviceRuntime(PROBE_ARCHITECTURE, probeWeights(), {
    provider: 'cpu',
    threads: 1,
    maxBatch: 3,
    now: () => 0,
  })
})
afterAll(() => cpu.close())

/** The CPU, but `spoil` may change the logits of a call that reads `length` tokens for each of `batch` sequences. */
function faulty(spoil: (logits: Float32Array, length: number, batch: number) => void): Runtime {
  return {
    ...cpu,
    async read(sequences, wantHidden) {
      const result = await cpu.read(sequences, wantHidden)
      spoil(result.logits, result.padded, sequences.length)
      return result
    },
    async step(sequences, tokens, wantHidden) {
      const result = await cpu.step(sequences, tokens, wantHidden)
      spoil(result.logits, 1, sequences.length)
      return result
    },
  }
}

test('a device that computes as the CPU does passes, within rounding', async () => {
  expect(await selfTest(cpu, cpu)).toEqual({ error: 0 })
  const rounding = faulty((logits) => {
    logits[0]! += 1e-5
  })
  const finding = await selfTest(rounding, cpu)
  expect(finding).toEqual({ error: expect.closeTo(1e-5, 6) })
})

test.each<[string, Parameters<typeof faulty>[0], RegExp]>([
  ['long reads', (logits, length) => length >= 32 && logits.fill(9, -1), /differ .* reading 40 tokens/],
  [
    'the longest reads',
    (logits, length) => length > 40 && logits.fill(9, -1),
    /differ .* reading 130 tokens/,
  ],
  ['single tokens', (logits, length) => length === 1 && logits.fill(9, -1), /differ .* reading 1 tokens/],
  [
    'batches',
    (logits, _, batch) => batch > 2 && logits.fill(9, -1),
    /differ .* decoding 3 sequences, at step 3/,
  ],
  ['regrouped batches', (logits, _, batch) => batch === 2 && logits.fill(9, -1), /3 sequences, at step 6/],
  ['everything', (logits) => logits.fill(Number.NaN, 0, 1), /not numbers reading 1 tokens/],
])('a device that is wrong at %s fails', async (_, spoil, reason) => {
  expect(await selfTest(faulty(spoil), cpu)).toEqual({ reason: expect.stringMatching(reason) })
})

test('the child tests a provider and says why one cannot be used', async () => {
  expect(await probe('cpu', { spawn: spawnProbe })).toMatchObject({ kind: 'passed', error: 0 })
  const unknown = await probe('none' as 'cpu', { spawn: spawnProbe })
  expect(unknown).toEqual({ kind: 'failed', reason: expect.stringContaining('backend not found') })
})

test('auto finds some device on any machine', async () => {
  const { device, reasons } = await resolveDevice('auto', { spawn: spawnProbe, log: () => {} })
  const excluded = reasons.map(({ provider }) => provider)
  expect(['webgpu', 'cuda', 'cpu']).toContain(device)
  expect(excluded).not.toContain(device)
  for (const { reason } of reasons) expect(reason).not.toMatch(/\n|^\/|^$/)
  // A software device that may be there takes longer than most tests do.
}, 150_000)
