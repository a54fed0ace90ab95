import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { DeclaredModel } from '../inference/registry/registry.ts'
import { StarlingError } from '../process/errors.ts'
import { CALIBRATION_FOLDER } from '../proof/sketch/calibration.ts'
import { floatBytes, floatsOf } from '../proof/sketch/float-bytes.ts'
import { decodeWhitening, encodeWhitening, type Whitening } from '../proof/sketch/whitening.ts'

export const SIMILARITY_FILE = 'similarity.json'
export const SIMILARITY_FORMAT = 'starling-similarity/1'

const whole = z.int().min(0)

const schema = z.strictObject({
  format: z.literal(SIMILARITY_FORMAT),
  /** Hash of the model, 0x and 64 hex digits. */
  model: z.string().regex(/^0x[0-9a-f]{64}$/),
  width: z.int().min(1),
  /** Of embeddings: f32 little-endian in base64. */
  mean: z.base64(),
  /** L⁻¹ of what is left after the mean is taken out, as sketches' whitening files hold theirs, in base64. */
  inverse: z.base64(),
  /** What both were made from, and what was measured with them on others. */
  made: z.strictObject({
    answerers: z.array(z.string()),
    seed: z.int(),
    temperature: z.number().positive(),
    answers: whole,
    ridge: z.number().positive(),
  }),
  measured: z.strictObject({
    fields: whole,
    answers: whole,
    /** Bits in which answers of one field differ, by whether their results are equal. */
    equal: z.strictObject({ pairs: whole, largest: whole }),
    unequal: z.strictObject({ pairs: whole, least: whole, p001: whole, p01: whole, p50: whole }),
  }),
})

/** `calibration/similarity.json` in a model's folder: what its embeddings are made comparable with. */
export type SimilarityFile = Readonly<z.infer<typeof schema>>

/** What validators must share of a model to hash answers alike. */
export interface StoredSimilarity {
  readonly file: SimilarityFile
  /** Hex of SHA-256 over the file. */
  readonly sha256: string
  /** [width] */
  readonly mean: Float32Array
  readonly whitening: Whitening
}

export function encodeSimilarity(
  mean: Float32Array,
  whitening: Whitening,
  about: Pick<SimilarityFile, 'model' | 'made' | 'measured'>,
): string {
  const { model, made, measured } = about
  const file: SimilarityFile = {
    ...{ format: SIMILARITY_FORMAT, model, width: whitening.width },
    mean: Buffer.from(floatBytes(mean)).toString('base64'),
    inverse: Buffer.from(encodeWhitening(whitening)).toString('base64'),
    ...{ made, measured },
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** @param path for messages. @throws StarlingError CALIBRATION_DAMAGED */
export function decodeSimilarity(path: string, bytes: Uint8Array): StoredSimilarity {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw damaged(`${path} is not JSON`)
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw damaged(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`)
  }
  const file = parsed.data
  const meanBytes = Buffer.from(file.mean, 'base64')
  if (meanBytes.length !== 4 * file.width)
    throw damaged(`${path}: a mean of ${meanBytes.length} bytes, not ${4 * file.width}`)
  const mean = floatsOf(meanBytes)
  if (!mean.every(Number.isFinite)) throw damaged(`${path}: a mean that is not finite`)
  const whitening = decodeWhitening(file.width, Buffer.from(file.inverse, 'base64'))
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), mean, whitening }
}

/**
 * Reads what stands beside a model; undefined where answers were never hashed by it, or by it as another model.
 * @param declared the model's entry of the registry, whose validators must share one file; undefined where there is none
 * @throws StarlingError CALIBRATION_DAMAGED, CALIBRATION_MISSING, CALIBRATION_OTHER
 */
export async function readSimilarity(
  modelFolder: string,
  hash: string,
  declared: Pick<DeclaredModel, 'name' | 'similarity'> | undefined,
): Promise<StoredSimilarity | undefined> {
  const path = join(modelFolder, CALIBRATION_FOLDER, SIMILARITY_FILE)
  const bytes = await readFile(path).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw damaged(`can’t read ${path}`, cause)
  })
  const found = bytes && decodeSimilarity(path, bytes)
  const stored = found?.file.model === hash ? found : undefined
  const named = declared?.similarity
  if (named === undefined || named === stored?.sha256) return stored
  throw stored === undefined
    ? other(
        'CALIBRATION_MISSING',
        `the registry names a ${SIMILARITY_FILE} of ${declared!.name}, and ${path} is none`,
      )
    : other(
        'CALIBRATION_OTHER',
        `${path} is ${stored.sha256.slice(0, 12)}…, and the registry names ${named.slice(0, 12)}…`,
      )
}

function other(code: string, what: string): StarlingError {
  const remedy =
    'restore the folder “calibration” that came with the model; to replace it for all of a subnet, npm run registry'
  return new StarlingError(code, what, remedy)
}

function damaged(what: string, cause?: unknown): StarlingError {
  const remedy = 'restore the folder, or npm run calibrate -- --similarity anew'
  return new StarlingError('CALIBRATION_DAMAGED', what, remedy, { cause })
}
