import { join } from 'node:path'
import type { Engine, StartEngine, VerificationLevel } from '../shared/inference/engine.ts'
import { openModel } from '../shared/inference/open-model.ts'
import { type FoundModel, findModels } from '../shared/inference/registry/build-registry.ts'
import { type RegistryFile, readRegistry } from '../shared/inference/registry/read-registry.ts'
import {
  declaredLevel,
  REGISTRY_FILE,
  type Registry,
  SCORED_LEVEL,
} from '../shared/inference/registry/registry.ts'
import { StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { toHex } from '../shared/proof/hash.ts'
import { readCalibration, type StoredCalibration } from '../shared/proof/sketch/read-calibration.ts'

/** The level at which hidden states are proved, and the one that is left without a calibration. */
const SKETCH_LEVEL: VerificationLevel = 3
const UNCALIBRATED_LEVEL: VerificationLevel = 2

export interface RegistryFlags {
  /** Folder that holds one folder a model. */
  readonly models: string
  /** The registry; the one in `models` unless told. */
  readonly registry?: string
}

/** The models that this validator can verify, and so what it scores. */
export interface VerifiableModels {
  /** Each model's level is the one that the registry grants. */
  readonly engines: readonly Engine[]
  /** Of the models whose hidden states miners must prove: level 3, and calibrated. By model hash. */
  readonly calibrations: Map<string, StoredCalibration>
  readonly registry: Registry
}

/**
 * Starts one engine for each model folder that the registry of declared models holds; other folders are left alone.
 * @throws StarlingError MODEL_MISSING, REGISTRY_…, CALIBRATION_DAMAGED, MODEL_UNDECLARED where no folder is in the registry, CLASS_UNDECLARED
 * where the registry doesn't hold the class of this machine, and whatever a damaged model throws
 */
export async function startRegistry(
  flags: RegistryFlags,
  start: StartEngine,
  options: Omit<Parameters<StartEngine>[0], 'modelFolder'>,
  log: Log,
): Promise<VerifiableModels> {
  const { declared, others, file } = await declaredModels(flags)
  for (const { folder, info } of others) {
    log.warn(
      { folder, hash: info.hash },
      'model is not in the registry, and so not scored; if it is new, npm run registry adds it',
    )
  }
  const started = await Promise.allSettled(
    declared.map(({ folder }) => start({ ...options, modelFolder: join(flags.models, folder) })),
  )
  const engines = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  try {
    const failure = started.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
    const calibrations = new Map<string, StoredCalibration>()
    const granted: Engine[] = []
    for (const [i, engine] of engines.entries()) {
      const allowed = withLevel(
        engine,
        declaredLevel(file.registry, engine.model.hash, engine.model.executionClass),
      )
      const { hash, level } = allowed.model
      const stored =
        level < SKETCH_LEVEL
          ? undefined
          : await readCalibration(join(flags.models, declared[i]!.folder), hash)
      if (stored !== undefined) calibrations.set(hash, stored)
      // Hidden states can't be compared with nothing to compare them by.
      granted.push(stored === undefined ? withLevel(allowed, UNCALIBRATED_LEVEL) : allowed)
    }
    const models = granted.map(({ model: { name, hash, level } }) => ({ name, hash, level }))
    // Validators that follow one registry log one hash.
    log.info({ registry: file.hash, models }, 'declared models')
    return {
      engines: granted,
      calibrations,
      registry: file.registry,
    }
  } catch (error) {
    await Promise.all(engines.map((engine) => engine.close()))
    throw error
  }
}

/** Hashes of the declared models in a folder, without starting them. @throws StarlingError as `startRegistry` does */
export async function modelHashes(flags: RegistryFlags): Promise<string[]> {
  const { declared } = await declaredModels(flags)
  return declared.map(({ info }) => info.hash)
}

/** Why a miner's offer of a model earns no score, with what its operator can do. */
export function whyUnscored(
  registry: Registry,
  offer: { readonly hash: Uint8Array; readonly executionClass: string },
): StarlingError {
  const { executionClass } = offer
  let level: VerificationLevel
  try {
    level = declaredLevel(registry, toHex(offer.hash), executionClass)
  } catch (error) {
    if (error instanceof StarlingError) return error
    throw error
  }
  return level < SCORED_LEVEL
    ? new StarlingError(
        'LEVEL_UNSCORED',
        `class ${executionClass} counts at level ${level}, and only level ${SCORED_LEVEL} and above is scored`,
        'run the model on the engine that comes with the miner',
      )
    : new StarlingError(
        'CLASS_UNVERIFIABLE',
        `this validator does not run that model in class ${executionClass}`,
        'none is needed: others may',
      )
}

async function declaredModels({
  models,
  registry,
}: RegistryFlags): Promise<{ declared: FoundModel[]; others: FoundModel[]; file: RegistryFile }> {
  const found = await findModels(models, async (folder) => (await openModel(folder, 'cpu')).info)
  const file = await readRegistry(registry ?? join(models, REGISTRY_FILE))
  const hashes = new Set(file.registry.models.map(({ hash }) => hash))
  const declared = found.filter(({ info }) => hashes.has(info.hash))
  const others = found.filter(({ info }) => !hashes.has(info.hash))
  if (declared.length > 0) return { declared, others, file }
  throw new StarlingError(
    'MODEL_UNDECLARED',
    `no model in ${models} is in the registry`,
    'restore the models, or write the registry again with npm run registry',
  )
}

/** The engine with its model's level lowered to at most `most`. */
function withLevel(engine: Engine, most: VerificationLevel): Engine {
  const { level } = engine.model
  return { ...engine, model: { ...engine.model, level: most < level ? most : level } }
}
