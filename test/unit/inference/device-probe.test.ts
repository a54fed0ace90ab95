import { expect, test } from 'vitest'
import { resolveDevice } from '../../../shared/inference/device/probe.ts'
import type { ProbeEvents, SpawnProbe } from '../../../shared/inference/device/probe-report.ts'
import { tellingLine } from '../../../shared/inference/device/spawn-probe.ts'
import type { Provider } from '../../../shared/inference/onnx/execution-class.ts'
import { hasCode } from '../../../shared/process/errors.ts'

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
