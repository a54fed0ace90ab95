import { describe, expect, it } from 'vitest'
import { FANOUT, hashTree, innerPaths, nodeAt, tilePaths, traceTree } from '../../../shared/dispute/tree.ts'
import { parameters, sizeOf } from '../../../shared/inference/model/architecture.ts'
import { wire } from '../../../shared/inference/reference/inputs.ts'
import { stepName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import {
  decodeWeightTile,
  encodeWeightTile,
  readWeightTile,
  weightTiles,
} from '../../../shared/inference/reference/weight-tiles.ts'
import { RECIPES } from '../../../shared/inference/training/recipes.ts'
import { DISPUTE_LIMITS } from '../../../shared/protocol/limits.ts'
import { makeWorld } from '../../support/dispute/world.ts'

const { statement, weights } = makeWorld()
const { plan } = statement
const steps = [...stepsOf(plan)]

describe('the plan of a reference run', () => {
  it('has every step need earlier steps alone, and all steps but the last ones be needed', () => {
    const wiring = wire(plan)
    const seen = new Set<string>()
    const needed = new Set<string>()
    for (const step of steps) {
      for (const source of wiring.needs(step).tiles) {
        expect(seen).toContain(stepName(source))
        needed.add(stepName(source))
      }
      seen.add(stepName(step))
    }
    const idle = steps.filter((step) => !needed.has(stepName(step)))
    expect(new Set(idle.map(({ operator }) => operator))).toEqual(new Set(['logits']))
  })

  it('cuts the weights into tiles that hold every value once, and uses every tile', () => {
    const tiles = weightTiles(plan.architecture, plan.layout)
    for (const { name, shape } of parameters(plan.architecture)) {
      const cells = new Set<number>()
      let count = 0
      for (const tile of tiles.filter(({ parameter }) => parameter === name)) {
        for (let i = 0; i < tile.rows; i++)
          for (let j = 0; j < tile.columns; j++) cells.add((tile.row + i) * shape.at(-1)! + tile.column + j)
        count += tile.rows * tile.columns
      }
      expect([cells.size, count]).toEqual([sizeOf({ name, shape }), sizeOf({ name, shape })])
    }
    const wiring = wire(plan)
    const used = new Set(steps.flatMap((step) => wiring.needs(step).weights.map(({ index }) => index)))
    expect(used.size).toBe(tiles.length)
  })

  it('writes weights as exactly as the model file does', () => {
    for (const tile of weightTiles(plan.architecture, plan.layout)) {
      const values = readWeightTile(plan.architecture, weights, tile)
      expect(decodeWeightTile(tile, encodeWeightTile(values))).toEqual(values)
    }
  })
})

describe('the tree over a trace', () => {
  const tree = traceTree(plan)
  const paths = tilePaths(tree)

  it('holds every step once, in the order of the run', () => {
    expect([...paths.keys()]).toEqual(steps.map(stepName))
    for (const step of steps) expect(nodeAt(tree, paths.get(stepName(step))!)!.step).toEqual(step)
  })

  it('changes every hash on the way to a changed tile, and no other', () => {
    const changed = stepName(steps[100]!)
    const hashesWith = (mark: number) =>
      hashTree(tree, (step) => new Uint8Array(32).fill(stepName(step) === changed ? mark : 1))
    const [before, after] = [hashesWith(1), hashesWith(2)]
    const differing = [...before].filter(([node, hash]) => Buffer.compare(hash, after.get(node)!) !== 0)
    const way = [...innerPaths([paths.get(changed)!]), paths.get(changed)!].map((path) => nodeAt(tree, path))
    expect(new Set(differing.map(([node]) => node))).toEqual(new Set(way))
  })

  it('is shallow: nine rounds at the shape of base and 512 tokens', () => {
    const { architecture } = RECIPES.base!
    const layout = { positionsPerChunk: 32, columnsPerTile: 64 }
    const tokens = new Array<number>(512).fill(1)
    const deepest = Math.max(
      ...[...tilePaths(traceTree({ architecture, layout, tokens })).values()].map((path) => path.length),
    )
    // One round a level, one for the roots, one for the tile.
    expect(deepest + 2).toBe(9)
    expect(deepest).toBeLessThanOrEqual(DISPUTE_LIMITS.depth)
    expect(FANOUT).toBe(8)
  })
})
