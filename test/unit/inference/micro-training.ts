import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Batch } from '../../../shared/inference/training/batch.ts'
import type { Trainer } from '../../../shared/inference/training/trainer.ts'

/** Small enough for finite differences in plain loops. */
export const MICRO: Architecture = {
  vocabularySize: 11,
  contextLength: 16,
  width: 8,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  feedForward: 12,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}

export const shape = { batch: 2, sequence: 6 }

/** Random ids, targets and weights; the rows hold two documents, of other lengths in each row. */
export function microBatch(seed: number): Batch {
  const random = seededRandom(seed)
  const rows = shape.batch * shape.sequence
  const ids = () => BigInt64Array.from({ length: rows }, () => BigInt(Math.floor(random() * 11)))
  return {
    inputs: ids(),
    targets: ids(),
    weights: Float32Array.from({ length: rows }, () => random()),
    documents: Float32Array.of(0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, -1),
  }
}

/** The clipped gradient of a trainer's first step: Muon's momentum, or ten times AdamW's first moment. */
export function firstGradient(trainer: Trainer, name: string): Float32Array {
  const moment = trainer.state(`${name}.m`)
  const isAdam = name === 'embedding' || name.endsWith('Norm')
  return isAdam ? moment.map((value) => value / 0.1) : moment
}
