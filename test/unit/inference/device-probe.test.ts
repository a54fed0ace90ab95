import { describe, expect, test } from 'vitest'
import { firstThatStarts } from '../../../shared/inference/device/first-that-starts.ts'
import { resolveDevice } from '../../../shared/inference/device/probe.ts'
import type { ProbeEvents, SpawnProbe } from '../../../shared/inference/device/probe-report.ts'
import { tellingLine } from '../../../shared/inference/device/spawn-probe.ts'
import type { Device } from '../../../shared/inference/engine.ts'
import type { Provider } from '../../../shared/inference/onnx/execution-class.ts'
import { hasCode, StarlingError } from '../../../shared/process/errors.ts'

type Behaviour = (events: ProbeEvents) => void

const passes =
  (speedup: number): Behaviour =>
  ({ onReport }) =>
    onReport({ kind: 'passed', error: 1e-6, speedup })
const mismatches: Behaviour = ({ onReport }) =>
  onReport({ kind: 'failed', reason: 'logits differ by 0.95 at 40 tokens' })
const crashes: Behaviour = ({ onExit }) => onExit('on SIGSEGV')
const hangs: Behaviour = () => {}

/** Devices that behave as told; whatever is not named crashes. Keeps what was tried, killed and logged. */
function machine(devices: Partial<Record<Provider, Behaviour>>) {
  const tried: Provider[] = []
  const killed: Provider[] = []
  const logged: unknown[] = []
  const spawn: SpawnProbe = (provider, events) => {
    tried.push(provider)
    setImmediate(() => (devices[provider] ?? crashes)(events))
    return () => killed.push(provider)
  }
  const log = (_: string, context: unknown) => logged.push(context)
  return { tried, killed, logged, options: { spawn, log, timeoutMs: 20 } }
}

test('the CPU is taken without a test', async () => {
  const { tried, options } = machine({})
  const resolved = await resolveDevice('cpu', options)
  expect(resolved).toMatchObject({ device: 'cpu', reasons: [] })
  expect(resolved.executionClass).toMatch(/^cpu-fp32\/ort-/)
  expect(tried).toEqual([])
})

test.each([
  ['both pass', { webgpu: passes(9), cuda: passes(30) }, 'webgpu', ['webgpu']],
  ['the first crashes', { cuda: passes(30) }, 'cuda', ['webgpu', 'cuda']],
  ['the first hangs', { webgpu: hangs, cuda: passes(30) }, 'cuda', ['webgpu', 'cuda']],
  ['the first is wrong', { webgpu: mismatches, cuda: passes(30) }, 'cuda', ['webgpu', 'cuda']],
  ['the first is a software device', { webgpu: passes(0.2) }, 'cpu', ['webgpu', 'cuda']],
  ['none works', {}, 'cpu', ['webgpu', 'cuda']],
] as const)('auto where %s', async (_, devices, expected, order) => {
  const { tried, killed, logged, options } = machine(devices)
  const resolved = await resolveDevice('auto', options)
  expect(resolved.device).toBe(expected)
  expect(resolved.executionClass).toMatch(new RegExp(`^${expected}-fp32/ort-\\d`))
  expect(tried).toEqual(order)
  expect(killed).toEqual(order)
  const excluded = order.filter((provider) => provider !== expected)
  expect(resolved.reasons.map(({ provider }) => provider)).toEqual(excluded)
  expect(logged).toEqual(resolved.reasons.map(({ provider, reason }) => ({ device: provider, reason })))
})

test.each([
  ['crashes', crashes, /ended on SIGSEGV/],
  ['hangs', hangs, /hung for 0.02 s/],
  ['is wrong', mismatches, /0\.95 at 40 tokens/],
] as const)('a device asked for by name that %s is an error with a remedy', async (_, behaviour, why) => {
  const { options } = machine({ cuda: behaviour, webgpu: behaviour })
  for (const [device, remedy] of [
    ['cuda', /ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node --ignore-scripts=false/],
    ['webgpu', /libvulkan1/],
  ] as const) {
    const error = await resolveDevice(device, options).catch((thrown) => thrown)
    expect(hasCode(error, 'DEVICE_UNUSABLE')).toBe(true)
    expect(error.message).toMatch(device)
    expect(error.message).toMatch(why)
    expect(error.remedy).toMatch(remedy)
  }
})

test('a slow device is used where it is asked for by name', async () => {
  const { options } = machine({ webgpu: passes(0.2) })
  expect((await resolveDevice('webgpu', options)).device).toBe('webgpu')
})

test.each([
  ['', ''],
  ['one\ntwo\n', 'two'],
  [
    "node:internal\n\nError: Cannot find module 'x'\n    at y\n\nNode.js v20.20.2\n",
    "Error: Cannot find module 'x'",
  ],
  ["Couldn't load Vulkan: libvulkan.so.1\nbye\n", "Couldn't load Vulkan: libvulkan.so.1"],
])('of %j the reason is %j', (written, line) => {
  expect(tellingLine(written)).toBe(line)
})

describe('what starts on a device', () => {
  async function started(choice: Device, found: Provider, broken: readonly Provider[]) {
    const tried: Provider[] = []
    const logged: unknown[] = []
    const start = async (device: Provider) => {
      tried.push(device)
      if (broken.includes(device))
        throw new StarlingError('DEVICE_UNUSABLE', `${device} is wrong`, 'use another')
      return device
    }
    const result = await firstThatStarts(choice, found, start, (_, context) => logged.push(context)).catch(
      (error: unknown) => (error as Error).message,
    )
    return { result, tried, logged }
  }

  test('runs where it was found to, and is tried on nothing else', async () => {
    expect(await started('auto', 'webgpu', ['cpu'])).toEqual({
      result: 'webgpu',
      tried: ['webgpu'],
      logged: [],
    })
  })

  test('falls back to the CPU where any device would do, and says why', async () => {
    const { result, tried, logged } = await started('auto', 'webgpu', ['webgpu'])
    expect({ result, tried }).toEqual({ result: 'cpu', tried: ['webgpu', 'cpu'] })
    expect(logged).toEqual([{ device: 'webgpu', reason: expect.stringContaining('webgpu is wrong') }])
  })

  test('fails where that device was asked for by name, or the CPU fails as well', async () => {
    expect(await started('webgpu', 'webgpu', ['webgpu'])).toMatchObject({
      result: 'webgpu is wrong',
      tried: ['webgpu'],
    })
    expect(await started('auto', 'cpu', ['cpu'])).toMatchObject({ result: 'cpu is wrong', tried: ['cpu'] })
    expect(await started('auto', 'cuda', ['cuda', 'cpu'])).toMatchObject({ result: 'cpu is wrong' })
  })
})
