import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkMemory } from '../../shared/doctor/checks/machine.ts'
import { checkEngine } from '../../shared/doctor/checks/model.ts'
import { checkPermit, checkRegistration } from '../../shared/doctor/checks/place.ts'
import { checkPort } from '../../shared/doctor/checks/port.ts'
import { checkFolder, checkScores } from '../../shared/doctor/checks/state.ts'
import { commonFindings, type DoctorEdge } from '../../shared/doctor/common.ts'
import { type Finding, failure, type Looked, ok } from '../../shared/doctor/finding.ts'
import { folderFacts } from '../../shared/doctor/gather/folder-facts.ts'
import { portState } from '../../shared/doctor/gather/port-facts.ts'
import { within } from '../../shared/doctor/within.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { hasCode } from '../../shared/process/errors.ts'
import { STATE_LOCK } from '../../shared/process/lock-folder.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { loadConfig, type ValidatorConfig } from '../load-config.ts'
import { startRegistry } from '../registry.ts'
import type { ValidatorFlags } from '../settings.ts'
import { stateFolder } from '../state-folder.ts'
import { readScores } from '../store/score-store.ts'

const START_MS = 180_000
const READ_MS = 60_000
const FP32_FACTOR = 2.5

/** All that keeps a validator with these flags from starting, from scoring, or from setting weights. */
export async function validatorFindings(flags: ValidatorFlags, edge: DoctorEdge): Promise<Finding[]> {
  const { findings, hotkey, place, head } = await commonFindings(flags, edge)
  const config = await within(READ_MS, 'the configuration', async () => loadConfig(flags.config))
  const folder = stateFolder(flags, hotkey ?? '<hotkey>')
  const state = await folderFacts(folder, STATE_LOCK)
  return [
    ...findings,
    ...(place === undefined ? [] : [checkRegistration(place), ...checkPermit(place)]),
    ...(await portFindings(flags)),
    configFinding(config),
    ...(await engineFindings(flags, state.holder === undefined)),
    ...checkFolder(state),
    ...('value' in config ? [await scoresFinding(folder, config.value, head)] : []),
  ]
}

function configFinding(config: Looked<ValidatorConfig>): Finding {
  if ('value' in config) return ok('config', `rounds of ${config.value.round.roundBlocks} blocks`)
  return failure('config', config.error, config.remedy ?? 'correct the file of --config')
}

/** Of the port for referees, and of the gate, where there are such. */
async function portFindings(flags: ValidatorFlags): Promise<Finding[]> {
  const asked = (['dispute', 'axon'] as const).map(async (name) => {
    const [ip, port] = [flags[`${name}.ip`], flags[`${name}.port`]]
    if (port === undefined) return []
    return [checkPort({ flag: `--${name}.port`, ip, port, state: await portState(ip, port) })]
  })
  return (await Promise.all(asked)).flat()
}

/** Starts every engine that the validator would, and ends it again. */
async function engineFindings(flags: ValidatorFlags, mayStart: boolean): Promise<Finding[]> {
  if (!mayStart) return [ok('engine', 'not tried: the validator that runs has its own')]
  const { threads, classes: precisions } = flags
  const begun = performance.now()
  const started = await within(START_MS, 'the engines', async () => {
    const { engines } = await startRegistry(flags, startEngine, { threads, precisions }, silentLog())
    await Promise.all(engines.map((engine) => engine.close()))
    return engines.map(({ model }) => model)
  })
  const weights = await bytesBelow(flags.models)
  const factor = FP32_FACTOR * precisions.length
  const memory = checkMemory({ available: process.availableMemory(), weights, factor })
  if (!('value' in started)) return [checkEngine(started), memory]
  const ms = performance.now() - begun
  const held = started.value.map(
    ({ name, executionClass, level }) => `${name} in ${executionClass}, level ${level}`,
  )
  return [ok('models', held.join('; ')), ok('engine', `all started in ${(ms / 1000).toFixed(1)} s`), memory]
}

async function scoresFinding(folder: string, { round, scoring }: ValidatorConfig, head: number | undefined) {
  const { roundBlocks } = round
  try {
    const { book } = readScores(folder, scoring)
    const blocksAgo = head === undefined ? undefined : head - book.round * roundBlocks
    return checkScores({ value: { round: book.round, blocksAgo, roundBlocks } })
  } catch (error) {
    if (hasCode(error, 'STATE_MISSING')) return checkScores(undefined)
    return checkScores(await within(READ_MS, 'the scores', () => Promise.reject(error)))
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = files
    .filter((file) => file.isFile() && /\.(bin|onnx|data)$/.test(file.name))
    .map(async (file) => (await stat(join(file.parentPath, file.name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
