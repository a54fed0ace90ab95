import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '../../../../shared/inference/model/architecture.ts'
import type { LoadedModel } from '../../../../shared/inference/model/folder.ts'
import { saveModel } from '../../../../shared/inference/model/folder.ts'
import type { Weights } from '../../../../shared/inference/model/weights.ts'

/** A model like the declared one, but not the same. */
export interface Altered {
  readonly architecture: Architecture
  readonly weights: Weights
}

/** Runs `use` with a folder that holds an altered model, and removes it. */
export async function withAltered<T>(
  { manifest }: LoadedModel,
  { architecture, weights }: Altered,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-altered-'))
  try {
    await saveModel(folder, manifest.name, architecture, weights)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The declared model without its last layer: cheaper by that layer, and of the same width. */
export function withoutLastLayer({ manifest, weights }: LoadedModel): Altered {
  const layers = manifest.architecture.layers - 1
  const dropped = `layer${layers}.`
  return {
    architecture: { ...manifest.architecture, layers },
    weights: new Map([...weights].filter(([name]) => !name.startsWith(dropped))),
  }
}
