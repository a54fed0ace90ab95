import {
  decodeSimilarity,
  encodeSimilarity,
  type StoredSimilarity,
} from '../../shared/similarity/calibration.ts'
import { testModel } from './participants.ts'

export const ABOUT = {
  model: testModel.hash,
  made: { answerers: ['nano'], seed: 1, temperature: 0.8, answers: 4, ridge: 1e-3 },
  measured: {
    fields: 1,
    answers: 4,
    equal: { pairs: 3, largest: 0 },
    unequal: { pairs: 3, least: 20, p001: 20, p01: 20, p50: 100 },
  },
}

/** What embeddings of three values are made comparable with. */
export function storedSimilarity(): StoredSimilarity {
  const mean = Float32Array.of(90, -20, 5)
  const inverse = Float32Array.of(0.5, 0.25, 1, -0.5, 0.125, 0.75)
  return decodeSimilarity('', Buffer.from(encodeSimilarity(mean, { width: 3, inverse }, ABOUT)))
}

/** The file of a model whose embeddings are taken as they are. */
export function plainSimilarity(model: string, width: number): string {
  const rows = Array.from({ length: width }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => (i === j ? 1 : 0)),
  )
  const whitening = { width, inverse: Float32Array.from(rows.flat()) }
  return encodeSimilarity(new Float32Array(width), whitening, { ...ABOUT, model })
}
