import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CALIBRATION_FILE,
  CALIBRATION_FORMAT,
  type PairCalibration,
  type SketchCalibration,
  WHITENING_FILE,
} from '../../shared/proof/sketch/calibration.ts'
import { encodeWhitening, RIDGE, type Whitening, whiteningHash } from '../../shared/proof/sketch/whitening.ts'

/** The record of a whitening that was just made; no pair has been measured with it. */
export function newCalibration(model: string, whitening: Whitening, rows: number): SketchCalibration {
  const sha256 = whiteningHash(encodeWhitening(whitening))
  return {
    format: CALIBRATION_FORMAT,
    model,
    whitening: { file: WHITENING_FILE, sha256, width: whitening.width, rows, ridge: RIDGE },
    pairs: [],
  }
}

/** The record with a pair's measurement in place of an earlier one. */
export function withPair(calibration: SketchCalibration, pair: PairCalibration): SketchCalibration {
  const others = calibration.pairs.filter(
    ({ prover, verifier }) => prover !== pair.prover || verifier !== pair.verifier,
  )
  return { ...calibration, pairs: [...others, pair] }
}

/** Writes record and whitening into a folder, which is made where there is none. */
export async function writeCalibration(
  folder: string,
  calibration: SketchCalibration,
  whitening: Whitening,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, WHITENING_FILE), encodeWhitening(whitening))
  await writeFile(join(folder, CALIBRATION_FILE), `${JSON.stringify(calibration, null, 2)}\n`)
}
