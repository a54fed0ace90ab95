import { join } from 'node:path'
import type { Engine, StartEngine } from '../../shared/inference/engine.ts'
import { openModel } from '../../shared/inference/open-model.ts'
import { SERVED_PRECISIONS } from '../../shared/inference/precision.ts'
import { findModels } from '../../shared/inference/registry/build-registry.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { readCalibration, type StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { Placed, RoundFile } from './read-round.ts'
import type { Fault } from './report.ts'
import { difference, faultOf } from './same.ts'

/** What an audit of a file reads answers with. */
export interface AuditModels {
  /** Each at the level that the file says. */
  readonly engines: readonly Engine[]
  /** By model hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** Where the file says of a model what it is not. */
  readonly faults: readonly Fault[]
}

/**
 * Starts every model of the file that somebody who took part declares, from a folder of models.
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
      faults.push(...modelFaults(placed, engine, stored))
    }
  } catch (error) {
    await Promise.all(engines.map((engine) => engine.close()))
    throw error
  }
  return { engines, calibrations, faults }
}

/** Those that an answer may be of. */
function declaredModels({ model, participant }: RoundFile): Placed<'model'>[] {
  return model.filter(({ record: { hash, executionClass } }) =>
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
  stored: StoredCalibration | undefined,
): Fault[] {
  const { kind: _kind, whitening, level, ...said } = placed.record
  const { level: most, ...own } = model
  const parted = difference(said, own)
  return [
    ...(parted === undefined ? [] : [faultOf(placed, parted.why, parted.field)]),
    ...(level > most
      ? [faultOf(placed, `counts at level ${level}, and it can be shown at ${most}`, 'level')]
      : []),
    ...(whitening !== null && whitening !== stored?.calibration.whitening.sha256
      ? [faultOf(placed, 'is not the whitening that lies beside the model here', 'whitening')]
      : []),
  ]
}

function missing(what: string): StarlingError {
  return new StarlingError('MODEL_MISSING', what, 'give the folder with --models, or audit with --no-models')
}
