import { join } from 'node:path'
import type { Engine, StartEngine } from '../../shared/inference/engine.ts'
import { openModel } from '../../shared/inference/open-model.ts'
import { SERVED_PRECISIONS } from '../../shared/inference/precision.ts'
import { findModels } from '../../shared/inference/registry/build-registry.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { readCalibration, type StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import { readSimilarity, type StoredSimilarity } from '../../shared/similarity/calibration.ts'
import { type AnswerHasher, answerHasher } from '../../shared/similarity/hash-answer.ts'
import type { Placed, RoundFile } from './read-round.ts'
import type { Fault } from './report.ts'
import { difference, faultOf } from './same.ts'

/** What an audit of a file reads answers with. */
export interface AuditModels {
  /** Each at the level that the file says. */
  readonly engines: readonly Engine[]
  /** By model hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** By the reference model of the file; undefined where it names none, or another calibration lies here. */
  readonly hasher?: AnswerHasher | undefined
  /** Where the file says of a model what it is not. */
  readonly faults: readonly Fault[]
}

/**
 * Starts every model of the file that somebody who took part declares, or that hashed answers, from a folder of models.
 * @throws StarlingError MODEL_MISSING where the folder doesn't hold one, AUDIT_CLASS where this machine computes it in another class
 */
export async function startAuditModels(
  file: RoundFile,
  folder: string,
  start: StartEngine,
  threads: number,
): Promise<AuditModels> {
  const found = await findModels(folder, async (path) => (await openModel(path, 'cpu')).info)
  const engines: Engine[] = []
  const calibrations = new Map<string, StoredCalibration>()
  const faults: Fault[] = []
  let hasher: AnswerHasher | undefined
  try {
    for (const placed of declaredModels(file)) {
      const { name, hash, level } = placed.record
      const at = found.find(({ info }) => info.hash === hash)
      if (at === undefined) throw missing(`${folder} does not hold ${name}, ${hash}`)
      const modelFolder = join(folder, at.folder)
      const engine = await startIn(placed, modelFolder, start, threads)
      engines.push({ ...engine, model: { ...engine.model, level } })
      const stored = await readCalibration(modelFolder, hash)
      if (stored !== undefined && placed.record.whitening !== null) calibrations.set(hash, stored)
      const similarity = await readSimilarity(modelFolder, hash, undefined)
      if (similarity !== undefined && similarity.sha256 === placed.record.similarity)
        hasher = answerHasher(engine, similarity)
      faults.push(...modelFaults(placed, engine, { stored, similarity }))
    }
  } catch (error) {
    await Promise.all(engines.map((engine) => engine.close()))
    throw error
  }
  return { engines, calibrations, hasher, faults }
}

/** Those that an answer may be of, and the one that hashed them. */
function declaredModels({ model, participant }: RoundFile): Placed<'model'>[] {
  return model.filter(
    ({ record: { hash, executionClass, similarity } }) =>
      similarity !== null ||
      participant.some(({ record }) => {
        return record.drawn && record.model === hash && record.executionClass === executionClass
      }),
  )
}

/** The engine in the class of the file, if any precision that miners may serve gives it on this machine. */
async function startIn(
  { record: { name, executionClass } }: Placed<'model'>,
  modelFolder: string,
  start: StartEngine,
  threads: number,
): Promise<Engine> {
  const classes: string[] = []
  for (const precision of SERVED_PRECISIONS) {
    const { info } = await openModel(modelFolder, 'cpu', precision)
    if (info.executionClass === executionClass) return start({ modelFolder, threads, precision })
    classes.push(info.executionClass)
  }
  throw new StarlingError(
    'AUDIT_CLASS',
    `the round’s ${name} was computed in class ${executionClass}, and this machine computes ${classes.join(' and ')}`,
    'audit on a machine of that class, or with --no-models',
  )
}

function modelFaults(
  placed: Placed<'model'>,
  { model }: Engine,
  {
    stored,
    similarity: own,
  }: { stored: StoredCalibration | undefined; similarity: StoredSimilarity | undefined },
): Fault[] {
  const { kind: _kind, whitening, similarity, level, ...said } = placed.record
  const { level: most, ...here } = model
  const parted = difference(said, here)
  return [
    ...(parted === undefined ? [] : [faultOf(placed, parted.why, parted.field)]),
    ...(level > most
      ? [faultOf(placed, `counts at level ${level}, and it can be shown at ${most}`, 'level')]
      : []),
    ...(whitening !== null && whitening !== stored?.calibration.whitening.sha256
      ? [faultOf(placed, 'is not the whitening that lies beside the model here', 'whitening')]
      : []),
    ...(similarity !== null && similarity !== own?.sha256
      ? [faultOf(placed, 'is not the calibration of hashes that lies beside the model here', 'similarity')]
      : []),
  ]
}

function missing(what: string): StarlingError {
  return new StarlingError('MODEL_MISSING', what, 'give the folder with --models, or audit with --no-models')
}
