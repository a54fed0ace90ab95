import { merklePath, merkleRoot } from '../../proof/merkle.ts'
import { type Architecture, headWidth, type Parameter, parameters } from '../model/architecture.ts'
import { fromFloat16, toFloat16 } from '../model/float16.ts'
import { tensorOf, type Weights } from '../model/weights.ts'
import { cut, type Layout } from './plan.ts'

/** A rectangle of one parameter: what a step needs of the weights. */
export interface WeightTile {
  readonly parameter: string
  readonly row: number
  readonly rows: number
  readonly column: number
  readonly columns: number
  /** Its place among all tiles, in the order of the weights file: the leaf of the weights' tree. */
  readonly index: number
}

/**
 * The parameters cut as the operators use them: matrices in column blocks (a head each where they make heads, gate and up
 * apart), norms as one row, the embedding in row blocks of tokens, as a step reads it by token or writes one logit a token.
 */
export function weightTiles(architecture: Architecture, layout: Layout): WeightTile[] {
  const tiles: WeightTile[] = []
  for (const parameter of parameters(architecture)) {
    const [rows, columns] = extents(parameter)
    if (parameter.name === 'embedding') {
      let row = 0
      for (const height of cut(rows, layout.columnsPerTile)) {
        tiles.push({ parameter: parameter.name, row, rows: height, column: 0, columns, index: tiles.length })
        row += height
      }
      continue
    }
    let column = 0
    for (const width of columnBlocks(architecture, layout, parameter.name, columns)) {
      tiles.push({ parameter: parameter.name, row: 0, rows, column, columns: width, index: tiles.length })
      column += width
    }
  }
  return tiles
}

/** The tiles of one parameter, in order. */
export function tilesByParameter(tiles: readonly WeightTile[]): ReadonlyMap<string, readonly WeightTile[]> {
  const groups = new Map<string, WeightTile[]>()
  for (const tile of tiles) {
    const group = groups.get(tile.parameter)
    if (group === undefined) groups.set(tile.parameter, [tile])
    else group.push(tile)
  }
  return groups
}

/** A tile's values, row-major. */
export function readWeightTile(
  architecture: Architecture,
  weights: Weights,
  { parameter: name, row, rows, column, columns }: WeightTile,
): Float32Array {
  const [, stride] = extents(parameters(architecture).find((parameter) => parameter.name === name)!)
  const whole = tensorOf(weights, name)
  const values = new Float32Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * stride + column
    values.set(whole.subarray(start, start + columns), i * columns)
  }
  return values
}

/** Half-precision values, little-endian, row-major: exact, as the weights file holds no more. */
export function encodeWeightTile(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length))
  for (const [i, value] of values.entries()) view.setUint16(2 * i, toFloat16(value), true)
  return new Uint8Array(view.buffer)
}

/** The inverse of `encodeWeightTile`; undefined where the length does not fit the tile. */
export function decodeWeightTile({ rows, columns }: WeightTile, bytes: Uint8Array): Float32Array | undefined {
  if (bytes.length !== 2 * rows * columns) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: rows * columns }, (_, i) => fromFloat16(view.getUint16(2 * i, true)))
}

/** A model's tiles as bytes, under the one root that stands for them; whoever holds the model computes the same. */
export interface WeightsTree {
  readonly root: Uint8Array
  bytes(index: number): Uint8Array
  path(index: number): Uint8Array[]
}

export function weightsTree(architecture: Architecture, layout: Layout, weights: Weights): WeightsTree {
  const leaves = weightTiles(architecture, layout).map((tile) =>
    encodeWeightTile(readWeightTile(architecture, weights, tile)),
  )
  return {
    root: merkleRoot(leaves),
    bytes: (index) => leaves[index]!,
    path: (index) => merklePath(leaves, index),
  }
}

function columnBlocks(architecture: Architecture, layout: Layout, name: string, columns: number): number[] {
  if (name.endsWith('.queryKeyValue')) return cut(columns, headWidth(architecture))
  if (!name.endsWith('.gateUp')) return cut(columns, layout.columnsPerTile)
  const half = cut(architecture.feedForward, layout.columnsPerTile)
  return [...half, ...half]
}

function extents({ shape }: Parameter): readonly [number, number] {
  return shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!]
}
