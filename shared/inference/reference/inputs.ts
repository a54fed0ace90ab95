import { type Architecture, headWidth } from '../model/architecture.ts'
import { type RotaryTables, rotaryTables } from '../model/rotary.ts'
import { below, besides, columnsOf, type Matrix, matrix, rowOf, scalar, transposed } from './matrix.ts'
import {
  OPERATORS,
  type OperatorKind,
  type OperatorName,
  type Plan,
  positionsOf,
  type Step,
  stepName,
  tileWidths,
} from './plan.ts'
import { tilesByParameter, type WeightTile, weightTiles } from './weight-tiles.ts'

/** What a step reads. The order is that of the evaluator's arguments. */
export interface Needs {
  readonly tiles: readonly Step[]
  readonly weights: readonly WeightTile[]
}

/** Where a step's inputs come from: the run's own memory, or what the parties of a dispute opened. */
export interface Sources {
  tile(step: Step): Float32Array
  weights(tile: WeightTile): Float32Array
}

export interface StepInputs {
  readonly kind: OperatorKind
  readonly matrices: readonly Matrix[]
}

/** Hides what lies in the future: e^−10⁹ is 0 in a double, too. */
const MASKED = -1e9

/** Looks up and lays out the inputs of any step of a plan. */
export interface Wiring {
  needs(step: Step): Needs
  inputs(step: Step, sources: Sources): StepInputs
}

/** The decoder's data flow: which tiles and weights each step reads, and as which matrices they enter its operator. */
export function wire(plan: Plan): Wiring {
  const { architecture, layout, tokens } = plan
  const { heads, kvHeads, feedForward, normEpsilon } = architecture
  const weightsOf = tilesByParameter(weightTiles(architecture, layout))
  const tables = rotaryTables(architecture, tokens.length)
  const epsilon = scalar(normEpsilon)
  const gateTiles = Math.ceil(feedForward / layout.columnsPerTile)

  function build(step: Step, sources: Sources): Matrix[] {
    const { chunk, block, operator, tile } = step
    const place = positionsOf(plan, chunk)
    const of = (name: OperatorName, index: number, at = block, from = chunk): Matrix => {
      const source = { chunk: from, block: at, operator: name, tile: index }
      const columns = tileWidths(plan, from, name)[index]!
      return matrix(positionsOf(plan, from).count, columns, sources.tile(source))
    }
    const all = (name: OperatorName, at = block) =>
      besides(Array.from(tileWidths(plan, chunk, name), (_, index) => of(name, index, at)))
    const past = (name: OperatorName, index: number) =>
      below(Array.from({ length: chunk + 1 }, (_, from) => of(name, index, block, from)))
    const weight = (name: string, index: number): Matrix => {
      const found = weightsOf.get(name)![index]!
      return matrix(found.rows, found.columns, sources.weights(found))
    }
    const norm = (name: OperatorName, at: number) => [all(name, at), of(name, tile, at)]
    const layer = (name: string) => `layer${block - 1}.${name}`
    const stream: OperatorName = block === 1 ? 'embedded' : 'residual'
    const group = Math.floor(tile / (heads / kvHeads))

    switch (operator) {
      case 'embedded': {
        const width = tileWidths(plan, chunk, operator)[tile]!
        const own = tokens.slice(place.first, place.first + place.count)
        const rows = own.map((token) => {
          const height = layout.columnsPerTile
          return rowOf(weight('embedding', Math.floor(token / height)), token % height)
        })
        return [columnsOf(below(rows), tile * layout.columnsPerTile, width)]
      }
      case 'attentionNormed':
        return [...norm(stream, block - 1), weight(layer('attentionNorm'), tile), epsilon]
      case 'feedForwardNormed':
        return [...norm('between', block), weight(layer('feedForwardNorm'), tile), epsilon]
      case 'finalNormed':
        return [...norm('residual', block - 1), weight('finalNorm', tile), epsilon]
      case 'query':
        return [all('attentionNormed'), weight(layer('queryKeyValue'), tile)]
      case 'key':
        return [all('attentionNormed'), weight(layer('queryKeyValue'), heads + tile)]
      case 'value':
        return [all('attentionNormed'), weight(layer('queryKeyValue'), heads + kvHeads + tile)]
      case 'rotatedQuery':
      case 'rotatedKey':
        return [
          of(operator === 'rotatedQuery' ? 'query' : 'key', tile),
          ...rotation(architecture, tables, place),
        ]
      case 'scores':
        return [of('rotatedQuery', tile), transposed(past('rotatedKey', group))]
      case 'shares':
        return [of('scores', tile), scalar(1 / Math.sqrt(headWidth(architecture))), causalMask(place)]
      case 'mixed':
        return [of('shares', tile), past('value', group)]
      case 'attended':
        return [all('mixed'), weight(layer('attentionOutput'), tile)]
      case 'between':
        return [of(stream, tile, block - 1), of('attended', tile)]
      case 'gate':
        return [all('feedForwardNormed'), weight(layer('gateUp'), tile)]
      case 'up':
        return [all('feedForwardNormed'), weight(layer('gateUp'), gateTiles + tile)]
      case 'gated':
        return [of('gate', tile), of('up', tile)]
      case 'fed':
        return [all('gated'), weight(layer('down'), tile)]
      case 'residual':
        return [of('between', tile), of('fed', tile)]
      case 'logits':
        return [all('finalNormed'), transposed(weight('embedding', tile))]
    }
  }

  return {
    inputs: (step, sources) => ({ kind: OPERATORS[step.operator], matrices: build(step, sources) }),
    // The same walk with sources that only take notes, so that what is opened is what is read.
    needs(step) {
      const tiles = new Map<string, Step>()
      const weights = new Map<number, WeightTile>()
      build(step, {
        tile(source) {
          tiles.set(stepName(source), source)
          const width = tileWidths(plan, source.chunk, source.operator)[source.tile]!
          return new Float32Array(positionsOf(plan, source.chunk).count * width)
        },
        weights(tile) {
          weights.set(tile.index, tile)
          return new Float32Array(tile.rows * tile.columns)
        },
      })
      return { tiles: [...tiles.values()], weights: [...weights.values()] }
    },
  }
}

interface Place {
  readonly first: number
  readonly count: number
}

/** cos beside cos, and −sin beside sin: with the halves x, y of a head swapped, x·cos − y·sin and y·cos + x·sin. */
function rotation(architecture: Architecture, tables: RotaryTables, { first, count }: Place): Matrix[] {
  const columns = headWidth(architecture)
  const half = columns / 2
  const fill = (value: (position: number, pair: number, isLow: boolean) => number): Matrix => {
    const data = new Float64Array(count * columns)
    for (let i = 0; i < count; i++)
      for (let j = 0; j < columns; j++) data[i * columns + j] = value(first + i, j % half, j < half)
    return { rows: count, columns, data }
  }
  return [
    fill((position, pair) => tables.cos[position * half + pair]!),
    fill((position, pair, isLow) => (isLow ? -1 : 1) * tables.sin[position * half + pair]!),
  ]
}

function causalMask({ first, count }: Place): Matrix {
  const columns = first + count
  const data = new Float64Array(count * columns)
  for (let i = 0; i < count; i++) data.fill(MASKED, i * columns + first + i + 1, (i + 1) * columns)
  return { rows: count, columns, data }
}
