import { join } from 'node:path'
import { hashText, taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { readSimilarity } from '../../../../shared/similarity/calibration.ts'
import { comparedLine } from '../../../../shared/similarity/compared-line.ts'
import { answerHasher } from '../../../../shared/similarity/hash-answer.ts'
import { SIMHASH_BYTES } from '../../../../shared/similarity/simhash.ts'
import type { SwarmContext } from '../part.ts'
import type { RealField } from './fields.ts'
import { mapInFlight, withModel } from './models.ts'

/** A SimHash an answer, by field. */
export interface FieldHashes {
  /** By the reference model, or, where it has no calibration, of nothing but the line that judges see: then likeness is equality. */
  readonly by: 'embedding' | 'line'
  readonly hashes: readonly (readonly Uint8Array[])[]
}

export async function hashFields(context: SwarmContext, fields: readonly RealField[]): Promise<FieldHashes> {
  const folder = join(context.modelsFolder, 'small')
  return withModel(context, 'small', async (engine) => {
    const stored = await readSimilarity(folder, engine.model.hash, undefined)
    const hasher = stored === undefined ? undefined : answerHasher(engine, stored)
    const hashes = await mapInFlight(fields, async ({ question, answers }) => {
      const lines = new Map<string, Promise<Uint8Array | undefined>>()
      return Promise.all(
        answers.map(async ({ text }) => {
          const line = comparedLine(text)
          const known = lines.get(line) ?? hasher?.hash(question.task.prompt, text)
          if (known !== undefined) lines.set(line, known)
          return (await known) ?? lineHash(line)
        }),
      )
    })
    return { by: hasher === undefined ? 'line' : 'embedding', hashes }
  })
}

/** Bits that are equal for equal lines and else as good as drawn. */
function lineHash(line: string): Uint8Array {
  const seed = hashText(line)
  const blocks = Array.from({ length: SIMHASH_BYTES / 32 }, (_, i) =>
    taggedHash('starling/bench/line/v1', seed, u32(i)),
  )
  return Uint8Array.from(blocks.flatMap((block) => [...block]))
}
