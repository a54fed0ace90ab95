import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StarlingError } from '../../process/errors.ts'
import {
  CALIBRATION_FILE,
  CALIBRATION_FOLDER,
  calibrationSchema,
  type SketchCalibration,
  WHITENING_FILE,
} from './calibration.ts'
import { decodeWhitening, type Whitening, whiteningHash } from './whitening.ts'

/** What miner and validator must share of a model to compare sketches. */
export interface StoredCalibration {
  readonly calibration: SketchCalibration
  readonly whitening: Whitening
}

/**
 * Reads what stands beside a model; undefined where it was never calibrated, or as another model (the weights were replaced).
 * @param hash the model's, 0x and hex digits
 * @throws StarlingError CALIBRATION_DAMAGED where the files can't be read or do not fit together
 */
export async function readCalibration(
  modelFolder: string,
  hash: string,
): Promise<StoredCalibration | undefined> {
  const path = join(modelFolder, CALIBRATION_FOLDER, CALIBRATION_FILE)
  const text = await readOrDamaged(path).catch((error: unknown) => {
    if (error instanceof StarlingError && isMissing(error.cause)) return undefined
    throw error
  })
  if (text === undefined) return undefined
  const calibration = parseCalibration(path, text)
  if (calibration.model !== hash) return undefined
  const { width, sha256 } = calibration.whitening
  const whiteningPath = join(modelFolder, CALIBRATION_FOLDER, WHITENING_FILE)
  const file = await readOrDamaged(whiteningPath)
  if (whiteningHash(file) !== sha256) throw damaged(`${whiteningPath} does not match the sha256 in ${path}`)
  return { calibration, whitening: decodeWhitening(width, file) }
}

function parseCalibration(path: string, bytes: Uint8Array): SketchCalibration {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw damaged(`${path} is not JSON`)
  }
  const parsed = calibrationSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw damaged(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`)
}

async function readOrDamaged(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw damaged(`can’t read ${path}`, cause)
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

function damaged(what: string, cause?: unknown): StarlingError {
  return new StarlingError('CALIBRATION_DAMAGED', what, 'restore the folder, or npm run calibrate anew', {
    cause,
  })
}
