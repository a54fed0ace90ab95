import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkMemory } from '../../shared/doctor/checks/machine.ts'
import { checkEngine, checkModel } from '../../shared/doctor/checks/model.ts'
import { type Finding, failure, ok } from '../../shared/doctor/finding.ts'
import { within } from '../../shared/doctor/within.ts'
import type { ModelInfo } from '../../shared/inference/engine.ts'
import { openModel } from '../../shared/inference/open-model.ts'
import { readRegistry } from '../../shared/inference/registry/read-registry.ts'
import { declaredLevel } from '../../shared/inference/registry/registry.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { readRegisteredCalibration } from '../../shared/proof/sketch/registered-calibration.ts'
import type { MinerFlags } from '../settings.ts'
import { type MinerBackend, startBackend } from '../start-backend.ts'

const READ_MS = 60_000
/** A graphics card's first start compiles its programs; a large model is read from a slow disk. */
const START_MS = 180_000
/** Weights lie on the disk in 16 bits and are computed in 32, and packed to 4 and a half. */
const FP32_FACTOR = 2.5
const PACKED_FACTOR = 0.5

/** Looks at the model that a miner would serve. @param mayStart false where an engine runs already */
export async function modelFindings(
  flags: MinerFlags,
  registry: string,
  mayStart: boolean,
): Promise<Finding[]> {
  const opened = await within(READ_MS, 'the model', () => openModel(flags.model, 'cpu'))
  if (!('value' in opened)) return [failure('model', opened.error, opened.remedy ?? 'see --model')]
  const memory = await memoryFinding(flags)
  const { model, findings } = mayStart
    ? await startOnce(flags)
    : { model: undefined, findings: [ok('engine', 'not tried: the miner that runs has one')] }
  const info = model ?? opened.value.info
  return [...(await registryFindings(flags, info, registry)), ...findings, ...memory]
}

async function registryFindings(flags: MinerFlags, model: ModelInfo, path: string): Promise<Finding[]> {
  const { name, hash, executionClass } = model
  const file = await within(READ_MS, 'the registry', () => readRegistry(path))
  if (!('value' in file)) return [failure('model', file.error, file.remedy ?? 'see --registry')]
  const { registry } = file.value
  const level = await within(READ_MS, 'the registry', async () =>
    declaredLevel(registry, hash, executionClass),
  )
  const declared = registry.models.find((one) => one.hash === hash)
  const calibration = await within(READ_MS, 'the calibration', async () => {
    return (await readRegisteredCalibration(flags.model, hash, declared)) !== undefined
  })
  return checkModel({ name, hash, executionClass, level, calibration })
}

/** Starts what would serve, has it write one word, and ends it: every self-test of a device is part of the start. */
async function startOnce(flags: MinerFlags): Promise<{ model: ModelInfo | undefined; findings: Finding[] }> {
  const begun = performance.now()
  const started = await within(START_MS, 'the engine', async () => {
    const backend = await startBackend(flags, silentLog())
    try {
      await writeWord(backend)
      return { model: backend.model, ms: performance.now() - begun }
    } finally {
      await backend.close()
    }
  })
  if (!('value' in started)) return { model: undefined, findings: [checkEngine(started)] }
  const { model, ms } = started.value
  return { model, findings: [checkEngine({ value: { executionClass: model.executionClass, ms } })] }
}

async function writeWord({ text, generate }: MinerBackend): Promise<void> {
  await generate({
    promptTokens: text.encodePrompt('Say a word.'),
    maxTokens: 4,
    sampling: { temperature: 1, topK: 0, topP: 1 },
    seed: new Uint8Array(32),
  })
}

/** Nothing to say where the weights are on another machine, or on a graphics card. */
async function memoryFinding(flags: MinerFlags): Promise<Finding[]> {
  if (flags['backend.url'] !== undefined || flags.device !== 'cpu') return []
  const weights = await bytesIn(flags.model)
  const factor = flags.precision === 'fp32' ? FP32_FACTOR : PACKED_FACTOR
  return [checkMemory({ available: process.availableMemory(), weights, factor })]
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
