import { join } from 'node:path'
import type { Engine, EngineOptions, StartEngine, VerificationLevel } from '../shared/inference/engine.ts'
import { openModel } from '../shared/inference/open-model.ts'
import type { Precision } from '../shared/inference/precision.ts'
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
import type { StoredCalibration } from '../shared/proof/sketch/read-calibration.ts'
import { readRegisteredCalibration } from '../shared/proof/sketch/registered-calibration.ts'
import { readSimilarity, type StoredSimilarity } from '../shared/similarity/calibration.ts'
import { type AnswerHasher, answerHasher } from '../shared/similarity/hash-answer.ts'
import { SKETCH_LEVEL } from '../shared/verify/sketches.ts'
import { verifiableClasses } from './verifiable-classes.ts'

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
  /** Of the models of which a class stands at level 3. By model hash. */
  readonly calibrations: Map<string, StoredCalibration>
  /** By the reference model, in fp32; undefined where none is held: then answers are not grouped. */
  readonly hasher: AnswerHasher | undefined
  readonly registry: Registry
}

/** How models are read: each is held once in every class that these give. */
export interface EngineChoice {
  readonly threads: number
  /** `fp32` unless told. */
  readonly precisions?: readonly Precision[]
}

/**
 * Starts engines for each model folder that the registry of declared models holds, one in each class that it may be verified in;
 * other folders are left alone.
 * @throws StarlingError MODEL_MISSING, REGISTRY_…, CALIBRATION_…, MODEL_UNDECLARED where no folder is in the registry, CLASS_UNDECLARED
 * where the registry holds a model in none of the classes of this machine, CLASS_UNCALIBRATED, and whatever a damaged model throws
 */
export async function startRegistry(
  flags: RegistryFlags,
  start: StartEngine,
  { threads, precisions = ['fp32'] }: EngineChoice,
  log: Log,
): Promise<VerifiableModels> {
  const { declared, others, file } = await declaredModels(flags)
  for (const { folder, info } of others) {
    log.warn(
      { folder, hash: info.hash },
      'model is not in the registry, and so not scored; if it is new, npm run registry adds it',
    )
  }
  const calibrations = new Map<string, StoredCalibration>()
  const similarities = new Map<string, StoredSimilarity>()
  const plans: { readonly level: VerificationLevel; readonly options: EngineOptions }[] = []
  for (const { folder, info } of declared) {
    const modelFolder = join(flags.models, folder)
    const entry = file.registry.models.find(({ hash }) => hash === info.hash)
    const stored = await readRegisteredCalibration(modelFolder, info.hash, entry)
    const parts = { registry: file.registry, stored, log }
    const similarity = await readSimilarity(modelFolder, info.hash, entry)
    if (similarity !== undefined) similarities.set(info.hash, similarity)
    const held = await verifiableClasses(modelFolder, precisions, parts)
    for (const { precision, level } of held)
      plans.push({ level, options: { modelFolder, threads, precision } })
    if (stored !== undefined && held.some(({ level }) => level >= SKETCH_LEVEL))
      calibrations.set(info.hash, stored)
  }
  if (plans.length === 0) {
    throw new StarlingError(
      'CLASS_UNCALIBRATED',
      `no model in ${flags.models} was calibrated in ${precisions.join(' or ')}`,
      'measure one with npm run calibrate, or name other --classes',
    )
  }
  const started = await Promise.allSettled(plans.map(({ options }) => start(options)))
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = started.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all(running.map((engine) => engine.close()))
    throw failure.reason
  }
  const engines = running.map((engine, i) => withLevel(engine, plans[i]!.level))
  const models = engines.map(({ model: { name, hash, executionClass, level } }) => {
    return { name, hash, executionClass, level }
  })
  // Validators that follow one registry log one hash.
  log.info({ registry: file.hash, models }, 'declared models')
  const exact = engines.filter((_, i) => (plans[i]!.options.precision ?? 'fp32') === 'fp32')
  const hasher = hasherOf(exact, similarities)
  if (hasher === undefined) log.info('no model here hashes answers: judges see every answer, however alike')
  return { engines, calibrations, hasher, registry: file.registry }
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

/** The first engine whose model has a calibration: other precisions hash the same answer 50 bits apart and more. */
function hasherOf(
  exact: readonly Engine[],
  similarities: ReadonlyMap<string, StoredSimilarity>,
): AnswerHasher | undefined {
  const engine = exact.find(({ model }) => similarities.has(model.hash))
  return engine && answerHasher(engine, similarities.get(engine.model.hash)!)
}

/** The engine with its model's level lowered to at most `most`. */
function withLevel(engine: Engine, most: VerificationLevel): Engine {
  const { level } = engine.model
  return { ...engine, model: { ...engine.model, level: most < level ? most : level } }
}
