import { type Finding, failure, type Looked, ok, warning } from '../finding.ts'

export interface ModelFacts {
  readonly name: string
  readonly hash: string
  readonly executionClass: string
  /** At which the registry takes it; the error where it does not. */
  readonly level: Looked<number>
  /** Whether hidden states can be compared: a calibration stands beside the model. */
  readonly calibration: Looked<boolean>
}

const SCORED_LEVEL = 2
const SKETCH_LEVEL = 3

/** Whether a subnet would pay for a model in a class. */
export function checkModel({ name: model, hash, executionClass, level, calibration }: ModelFacts): Finding[] {
  const short = `${model} ${hash.slice(0, 14)}…`
  if ('error' in level)
    return [failure('model', `${short}: ${level.error}`, level.remedy ?? 'serve a model of the registry')]
  const known = ok('model', `${short}, in the registry`)
  if (level.value < SCORED_LEVEL) {
    const found = `${executionClass} counts at level ${level.value}: it serves, and earns nothing`
    return [known, warning('class', found, 'run the model on the engine that comes with the miner')]
  }
  const found = `${executionClass}, level ${level.value}`
  if (level.value < SKETCH_LEVEL) return [known, ok('class', found)]
  if ('error' in calibration)
    return [
      known,
      failure('class', calibration.error, calibration.remedy ?? 'restore the folder calibration'),
    ]
  if (calibration.value) return [known, ok('class', `${found}, calibrated`)]
  return [known, warning('class', `${found}, not calibrated`, 'measure it with npm run calibrate')]
}

/** Whether the engine starts with the model on the device that was chosen, and what it took. */
export function checkEngine(
  started: Looked<{ readonly executionClass: string; readonly ms: number }>,
): Finding {
  const name = 'engine'
  if ('error' in started)
    return failure(name, started.error, started.remedy ?? 'try --device cpu, or read the log of a start')
  const { executionClass, ms } = started.value
  return ok(name, `wrote a word in ${executionClass}, started in ${(ms / 1000).toFixed(1)} s`)
}
