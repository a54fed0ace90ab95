import { type Architecture, headWidth } from '../model/architecture.ts'

/** How a trace is cut: part of what both sides agree on before they run. */
export interface Layout {
  readonly positionsPerChunk: number
  /** Columns of a tile, except where a tile is one head's. */
  readonly columnsPerTile: number
}

/** All that fixes which tiles a reference run computes, and from what. */
export interface Plan {
  readonly architecture: Architecture
  readonly layout: Layout
  /** Prompt and answer, as they were fed: at least one token, all of the vocabulary. */
  readonly tokens: readonly number[]
}

/** What an operator computes, whatever its place in the model; see `operator-graphs.ts`. */
export type OperatorKind = 'gather' | 'matmul' | 'rms-norm' | 'rotate' | 'softmax' | 'swiglu' | 'add'

export const OPERATORS = {
  embedded: 'gather',
  attentionNormed: 'rms-norm',
  query: 'matmul',
  key: 'matmul',
  value: 'matmul',
  rotatedQuery: 'rotate',
  rotatedKey: 'rotate',
  scores: 'matmul',
  shares: 'softmax',
  mixed: 'matmul',
  attended: 'matmul',
  between: 'add',
  feedForwardNormed: 'rms-norm',
  gate: 'matmul',
  up: 'matmul',
  gated: 'swiglu',
  fed: 'matmul',
  residual: 'add',
  finalNormed: 'rms-norm',
  logits: 'matmul',
} as const satisfies Readonly<Record<string, OperatorKind>>

export type OperatorName = keyof typeof OPERATORS

/** One tile of one operator's output: the smallest thing that can be disputed. */
export interface Step {
  readonly chunk: number
  /** 0 holds the embedding alone, 1 … layers the decoder's layers, layers + 1 the final norm and the logits. */
  readonly block: number
  readonly operator: OperatorName
  readonly tile: number
}

const EMBEDDING: readonly OperatorName[] = ['embedded']
const HEAD: readonly OperatorName[] = ['finalNormed', 'logits']
const LAYER = (Object.keys(OPERATORS) as OperatorName[]).filter(
  (name) => !EMBEDDING.includes(name) && !HEAD.includes(name),
)

export function chunkCount({ tokens, layout }: Plan): number {
  return Math.ceil(tokens.length / layout.positionsPerChunk)
}

export function blockCount({ architecture }: Plan): number {
  return architecture.layers + 2
}

/** The operators of a block in the order in which they run; each needs only what comes before it. */
export function operatorsOf(plan: Plan, block: number): readonly OperatorName[] {
  if (block === 0) return EMBEDDING
  return block === blockCount(plan) - 1 ? HEAD : LAYER
}

/** Positions that a chunk holds; the last one may hold fewer. */
export function positionsOf({ tokens, layout }: Plan, chunk: number): { first: number; count: number } {
  const first = chunk * layout.positionsPerChunk
  return { first, count: Math.min(layout.positionsPerChunk, tokens.length - first) }
}

/** Columns of each tile of an operator's output; rows are the positions of the chunk. */
export function tileWidths(plan: Plan, chunk: number, operator: OperatorName): readonly number[] {
  const { width, heads, kvHeads, feedForward, vocabularySize } = plan.architecture
  const { columnsPerTile } = plan.layout
  const perHead = headWidth(plan.architecture)
  switch (operator) {
    case 'query':
    case 'rotatedQuery':
    case 'mixed':
      return new Array<number>(heads).fill(perHead)
    case 'key':
    case 'value':
    case 'rotatedKey':
      return new Array<number>(kvHeads).fill(perHead)
    case 'scores':
    case 'shares': {
      const { first, count } = positionsOf(plan, chunk)
      return new Array<number>(heads).fill(first + count)
    }
    case 'gate':
    case 'up':
    case 'gated':
      return cut(feedForward, columnsPerTile)
    case 'logits':
      return cut(vocabularySize, columnsPerTile)
    default:
      return cut(width, columnsPerTile)
  }
}

/** `total` as pieces of `size`, the last one shorter where it must be. */
export function cut(total: number, size: number): number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size))
}

/** Every step of a run in order: chunk, block, operator, tile. */
export function* stepsOf(plan: Plan): Generator<Step> {
  for (let chunk = 0; chunk < chunkCount(plan); chunk++)
    for (let block = 0; block < blockCount(plan); block++)
      for (const operator of operatorsOf(plan, block))
        for (const tile of tileWidths(plan, chunk, operator).keys()) yield { chunk, block, operator, tile }
}

/** A step as one word, for maps and for reasons that people read. */
export function stepName({ chunk, block, operator, tile }: Step): string {
  return `chunk${chunk}/block${block}/${operator}/tile${tile}`
}
