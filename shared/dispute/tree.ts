import {
  blockCount,
  chunkCount,
  operatorsOf,
  type Plan,
  type Step,
  stepName,
  tileWidths,
} from '../inference/reference/plan.ts'
import { merkleRoot } from '../proof/merkle.ts'
import { DISPUTE_LIMITS } from '../protocol/limits.ts'

/** The most hashes that one message of a bisection lists. */
export const FANOUT = DISPUTE_LIMITS.fanout

/** A node of the tree over a trace: chunk → block → operator → tile, each level folded into groups of at most `FANOUT`. */
export interface TraceNode {
  /** Empty for a tile. */
  readonly children: readonly TraceNode[]
  /** Of a tile alone. */
  readonly step: Step | undefined
}

/** Child indices from the root. */
export type Path = readonly number[]

/** The tree that a plan fixes; both sides and the referee derive the same one. */
export function traceTree(plan: Plan): TraceNode {
  return fold(
    range(chunkCount(plan)).map((chunk) =>
      fold(
        range(blockCount(plan)).map((block) =>
          fold(
            operatorsOf(plan, block).map((operator) =>
              fold(
                range(tileWidths(plan, chunk, operator).length).map((tile) => {
                  return { children: [], step: { chunk, block, operator, tile } }
                }),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}

/** A node's hash: the Merkle root over its children's hashes. A tile's is `leafHash` of its bytes. */
export function nodeHash(children: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(children)
}

/** The hash of every node, from those of the tiles. */
export function hashTree(
  root: TraceNode,
  tileHash: (step: Step) => Uint8Array,
): ReadonlyMap<TraceNode, Uint8Array> {
  const hashes = new Map<TraceNode, Uint8Array>()
  const visit = (node: TraceNode): Uint8Array => {
    const hash = node.step === undefined ? nodeHash(node.children.map(visit)) : tileHash(node.step)
    hashes.set(node, hash)
    return hash
  }
  visit(root)
  return hashes
}

/** The path to every tile, by the name of its step. */
export function tilePaths(root: TraceNode): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>()
  const visit = (node: TraceNode, path: Path) => {
    if (node.step !== undefined) paths.set(stepName(node.step), path)
    for (const [index, child] of node.children.entries()) visit(child, [...path, index])
  }
  visit(root, [])
  return paths
}

/** Paths of the inner nodes from the root to the given tiles, each once, parents before children. */
export function innerPaths(tiles: readonly Path[]): Path[] {
  const found = new Map<string, Path>()
  for (const path of tiles)
    for (let depth = 0; depth < path.length; depth++)
      found.set(pathName(path.slice(0, depth)), path.slice(0, depth))
  return [...found.values()].sort((a, b) => a.length - b.length)
}

/** A path as a map's key. */
export function pathName(path: Path): string {
  return path.join('.')
}

export function nodeAt(root: TraceNode, path: Path): TraceNode | undefined {
  let node: TraceNode | undefined = root
  for (const index of path) node = node?.children[index]
  return node
}

function fold(nodes: readonly TraceNode[]): TraceNode {
  let level = nodes
  while (level.length > FANOUT) {
    const groups: TraceNode[] = []
    for (let i = 0; i < level.length; i += FANOUT)
      groups.push({ children: level.slice(i, i + FANOUT), step: undefined })
    level = groups
  }
  return { children: level, step: undefined }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
