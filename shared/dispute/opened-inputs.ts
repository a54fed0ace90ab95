import { type Sources, type StepInputs, wire } from '../inference/reference/inputs.ts'
import { positionsOf, type Step, stepName, tileWidths } from '../inference/reference/plan.ts'
import { decodeWeightTile, type WeightTile, weightTiles } from '../inference/reference/weight-tiles.ts'
import { equalBytes } from '../proof/hash.ts'
import { leafHash, verifyMerklePath } from '../proof/merkle.ts'
import type { OpenedInputs, OpenedTiles } from '../protocol/dispute-messages.ts'
import { decodeFloats, type Statement } from './statement.ts'
import { innerPaths, nodeAt, nodeHash, type Path, pathName, type TraceNode, tilePaths } from './tree.ts'

/** The inputs of a step, or why what was opened is not that. */
export type CheckedInputs = { readonly inputs: StepInputs } | Fault

/** The values of opened tiles by the names of their steps, or why what was opened is not that. */
export type CheckedTiles = { readonly tiles: ReadonlyMap<string, Float32Array> } | Fault

interface Fault {
  readonly fault: string
}

/** Values that one tile of a step's output holds. */
export function tileSize({ plan }: Statement, { chunk, operator, tile }: Step): number {
  return positionsOf(plan, chunk).count * tileWidths(plan, chunk, operator)[tile]!
}

/**
 * Checks every input of a step against the trace's root and the weights' root, and lays them out for the operator. What lies
 * before the first difference of two traces is equal in both, so either root will do.
 */
export function checkInputs(
  statement: Statement,
  tree: TraceNode,
  root: Uint8Array,
  step: Step,
  opened: OpenedInputs,
): CheckedInputs {
  const { plan, weightsRoot } = statement
  const wiring = wire(plan)
  const needs = wiring.needs(step)
  if (opened.weights.length !== needs.weights.length)
    return { fault: 'opened another number of weight tiles' }

  const checked = checkTiles(statement, tree, root, needs.tiles, opened)
  if ('fault' in checked) return checked

  const leaves = weightTiles(plan.architecture, plan.layout).length
  const weights = new Map<number, Float32Array>()
  for (const [i, needed] of needs.weights.entries()) {
    const { values: bytes, path } = opened.weights[i]!
    const values = decodeWeightTile(needed, bytes)
    if (values === undefined || !verifyMerklePath(weightsRoot, bytes, needed.index, leaves, path))
      return { fault: `opened weights of ${needed.parameter} that are not the model's` }
    weights.set(needed.index, values)
  }
  const sources: Sources = {
    tile: (needed) => checked.tiles.get(stepName(needed))!,
    weights: (needed: WeightTile) => weights.get(needed.index)!,
  }
  return { inputs: wiring.inputs(step, sources) }
}

/** Checks that these are the values of those steps in the trace under `root`. */
export function checkTiles(
  statement: Statement,
  tree: TraceNode,
  root: Uint8Array,
  steps: readonly Step[],
  opened: OpenedTiles,
): CheckedTiles {
  if (opened.tiles.length !== steps.length) return { fault: 'opened another number of tiles' }
  const allPaths = tilePaths(tree)
  const paths = steps.map((step) => allPaths.get(stepName(step))!)
  const known = openedHashes(tree, root, paths, opened.nodes)
  if (known === undefined) return { fault: 'opened nodes that are not below its root' }
  const tiles = new Map<string, Float32Array>()
  for (const [i, step] of steps.entries()) {
    const bytes = opened.tiles[i]!
    const values = decodeFloats(bytes, tileSize(statement, step))
    if (values === undefined || !equalBytes(leafHash(bytes), known.get(pathName(paths[i]!))!))
      return { fault: `opened other values for ${stepName(step)} than it committed to` }
    tiles.set(stepName(step), values)
  }
  return { tiles }
}

/** Hashes of all nodes along the paths, by path; undefined where a list does not hash to its node. */
function openedHashes(
  tree: TraceNode,
  root: Uint8Array,
  paths: readonly Path[],
  lists: OpenedInputs['nodes'],
): ReadonlyMap<string, Uint8Array> | undefined {
  const inner = innerPaths(paths)
  if (inner.length !== lists.length) return undefined
  const known = new Map([[pathName([]), root]])
  for (const [i, path] of inner.entries()) {
    const hashes = lists[i]!
    if (hashes.length !== nodeAt(tree, path)!.children.length) return undefined
    if (!equalBytes(nodeHash(hashes), known.get(pathName(path))!)) return undefined
    for (const [index, hash] of hashes.entries()) known.set(pathName([...path, index]), hash)
  }
  return known
}
