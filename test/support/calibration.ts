import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CALIBRATION_FILE,
  CALIBRATION_FOLDER,
  type SketchCalibration,
  WHITENING_FILE,
} from '../../shared/proof/sketch/calibration.ts'
import { encodeWhitening, type Whitening, whiteningHash } from '../../shared/proof/sketch/whitening.ts'

/** Leaves every coordinate as it is. */
export function plainWhitening(width: number): Whitening {
  const inverse = new Float32Array((width * (width + 1)) / 2)
  for (let i = 0; i < width; i++) inverse[(i * (i + 3)) / 2] = 1
  return { width, inverse }
}

/** Writes a calibration without any measured pair beside a model. */
export async function writePlainCalibration(
  modelFolder: string,
  model: string,
  width: number,
): Promise<void> {
  const folder = join(modelFolder, CALIBRATION_FOLDER)
  const file = encodeWhitening(plainWhitening(width))
  const calibration: SketchCalibration = {
    format: 'starling-sketch-calibration/1',
    model,
    whitening: { file: WHITENING_FILE, sha256: whiteningHash(file), width, rows: 1, ridge: 1e-3 },
    pairs: [],
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, WHITENING_FILE), file)
  await writeFile(join(folder, CALIBRATION_FILE), JSON.stringify(calibration))
}
