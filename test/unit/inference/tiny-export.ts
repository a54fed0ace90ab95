import type { LoadedModel } from '../../../shared/inference/model/folder.ts'
import { TINY, tinyWeights } from './tiny-model.ts'

/** The tiny model as `loadModel` gives it; hashes play no part in an export. */
export const TINY_MODEL: LoadedModel = {
  manifest: {
    format: 'starling-model/1',
    name: 'tiny',
    tokenizer: 'bytes/1',
    architecture: TINY,
    weights: { file: 'weights.f16.bin', sha256: '0'.repeat(64) },
    hash: `0x${'0'.repeat(64)}`,
  },
  weights: tinyWeights(3),
}
