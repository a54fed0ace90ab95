import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { equalBytes, fromHex, toHex } from '../../proof/hash.ts'
import { headWidth } from '../model/architecture.ts'
import { loadModel } from '../model/folder.ts'
import { architectureSchema } from '../model/manifest.ts'
import type { Weights } from '../model/weights.ts'
import type { Layout } from './plan.ts'
import { type WeightsTree, weightsTree } from './weight-tiles.ts'

/** How the numbers of a dispute come out: float32 values between operators, each operator in double precision. */
export const REFERENCE_CLASS = 'reference-fp64/1'

/** How traces and weights are cut for disputes: the inputs of any one tile of `base` are then below 256 KB. */
export const REFERENCE_LAYOUT: Layout = { positionsPerChunk: 32, columnsPerTile: 64 }

/** What a registry says of a model, so that a referee needs nothing else of it. */
export const referenceSchema = z.strictObject({
  class: z.literal(REFERENCE_CLASS),
  architecture: architectureSchema.refine(
    (architecture) =>
      Number.isInteger(headWidth(architecture) / 2) && architecture.heads % architecture.kvHeads === 0,
    'needs heads of an even width, in equal groups',
  ),
  layout: z.strictObject({
    positionsPerChunk: z.int().min(1).max(1024),
    columnsPerTile: z.int().min(1).max(4096),
  }),
  /** Root over the weights' tiles in that layout: 0x and hex digits. */
  tilesRoot: z.string().regex(/^0x[0-9a-f]{64}$/),
})
export type ReferenceModel = Readonly<z.infer<typeof referenceSchema>>

/** A model as a side of a dispute holds it. */
export interface HeldModel {
  /** 0x and hex digits. */
  readonly hash: string
  readonly reference: ReferenceModel
  readonly weights: Weights
  readonly tree: WeightsTree
}

/** Reads a model of our own from its folder. @throws StarlingError MODEL_MISSING, MODEL_DAMAGED */
export async function readReferenceModel(folder: string, layout = REFERENCE_LAYOUT): Promise<HeldModel> {
  const { manifest, weights } = await loadModel(folder)
  const { architecture, hash } = manifest
  const tree = weightsTree(architecture, layout, weights)
  const reference = { class: REFERENCE_CLASS, architecture, layout, tilesRoot: toHex(tree.root) } as const
  return { hash, reference, weights, tree }
}

/**
 * Reads a model for disputes under what the registry says of it: another root than everybody else's would lose every dispute.
 * @throws StarlingError TILES_ROOT_MISMATCH, and as `readReferenceModel` does
 */
export async function readDeclaredModel(folder: string, declared: ReferenceModel): Promise<HeldModel> {
  const held = await readReferenceModel(folder, declared.layout)
  if (equalBytes(held.tree.root, fromHex(declared.tilesRoot))) return { ...held, reference: declared }
  throw new StarlingError(
    'TILES_ROOT_MISMATCH',
    `the weights in ${folder} have the tiles' root ${held.reference.tilesRoot}, and the registry says ${declared.tilesRoot}`,
    'take the registry that belongs to the model; npm run registry -- --check says whether it does',
  )
}
