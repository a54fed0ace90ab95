import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CALIBRATION_FILE,
  CALIBRATION_FOLDER,
  CALIBRATION_FORMAT,
  type PairCalibration,
  WHITENING_FILE,
} from '../../shared/proof/sketch/calibration.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import { encodeWhitening, type Whitening, whiteningHash } from '../../shared/proof/sketch/whitening.ts'

/** Leaves every coordinate as it is. */
export function plainWhitening(width: number): Whitening {
  const inverse = new Float32Array((width * (width + 1)) / 2)
  for (let i = 0; i < width; i++) inverse[(i * (i + 3)) / 2] = 1
  return { width, inverse }
}

/** A pair of equal classes that measured next to nothing: every sketch is near, and margins add up from a millionth on. */
export function plainPair(executionClass: string, change: Partial<PairCalibration> = {}): PairCalibration {
  const margin = { references: Array(8).fill(1e-6), threshold: 1e-4, clip: 0.5 }
  return {
    ...{ prover: executionClass, verifier: executionClass, machine: 'test', prompts: 1, seed: 1 },
    ...{ temperature: 0.8, tolerance: 1e-4, headroom: 0, buckets: [] },
    evidence: { answersPerAlarm: 1e6, margin },
    ...change,
  }
}

/** What a validator holds of a model with these pairs. */
export function storedCalibration(
  model: string,
  pairs: PairCalibration[],
  whitening = plainWhitening(2),
): StoredCalibration {
  const file = encodeWhitening(whitening)
  const about = { file: WHITENING_FILE, sha256: whiteningHash(file), width: whitening.width } as const
  return {
    whitening,
    calibration: {
      ...{ format: CALIBRATION_FORMAT, model, pairs },
      whitening: { ...about, rows: 1, ridge: 1e-3 },
    },
  }
}

/** Writes a calibration, without any measured pair unless told, beside a model. */
export async function writePlainCalibration(
  modelFolder: string,
  model: string,
  width: number,
  pairs: PairCalibration[] = [],
): Promise<void> {
  const folder = join(modelFolder, CALIBRATION_FOLDER)
  const whitening = plainWhitening(width)
  const { calibration } = storedCalibration(model, pairs, whitening)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, WHITENING_FILE), encodeWhitening(whitening))
  await writeFile(join(folder, CALIBRATION_FILE), JSON.stringify(calibration))
}
