import { z } from 'zod'
import { OPERATORS, type OperatorName } from '../inference/reference/plan.ts'
import { hash, someBytes } from '../protocol/fields.ts'
import { FANOUT } from './tree.ts'

/** Bounds of a dispute's messages. */
export const DISPUTE_LIMITS = {
  /** Levels of the tree over a trace: enough for 2^48 tiles. */
  depth: 16,
  /** Bytes of one tile. */
  tileBytes: 512 * 1024,
  /** Tiles, or inner nodes, that one opening may list. */
  opened: 16_384,
  /** Hashes of a path in the weights' tree. */
  weightPath: 32,
  /** Roundings that may be settled before the sides run again. */
  pins: 1024,
} as const

const path = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(FANOUT - 1),
  )
  .max(DISPUTE_LIMITS.depth)
const hashes = z.array(hash).min(1).max(FANOUT)

const index = z.number().int().min(0).max(0xffffffff)
const operatorNames = Object.keys(OPERATORS) as OperatorName[]

const pin = z.strictObject({
  step: z.strictObject({ chunk: index, block: index, operator: z.enum(operatorNames), tile: index }),
  element: index,
  value: z.number(),
})

/** Referee → party: run the statement, with the roundings that earlier passes settled, and commit to the trace. */
const traceRequest = z.strictObject({
  type: z.literal('trace-request'),
  dispute: hash,
  pins: z.array(pin).max(DISPUTE_LIMITS.pins),
})

/** Party → referee: root of its trace's tree. */
const trace = z.strictObject({ type: z.literal('trace'), dispute: hash, root: hash })

/** Referee → party: list the hashes below a node. */
const childrenRequest = z.strictObject({ type: z.literal('children-request'), dispute: hash, path })

const children = z.strictObject({ type: z.literal('children'), dispute: hash, path, hashes })

/** Referee → party: open the tile that the sides disagree on; one side opens what it was computed from, too. */
const tileRequest = z.strictObject({
  type: z.literal('tile-request'),
  dispute: hash,
  path,
  withInputs: z.boolean(),
})

const tileValues = someBytes(DISPUTE_LIMITS.tileBytes)

const tile = z.strictObject({
  type: z.literal('tile'),
  dispute: hash,
  path,
  values: tileValues,
  inputs: z
    .strictObject({
      /** Hashes below each inner node on the way to the input tiles, in the order of `innerPaths`. */
      nodes: z.array(hashes).max(DISPUTE_LIMITS.opened),
      /** Float32 little-endian, in the order in which the step needs them. */
      tiles: z.array(tileValues).max(DISPUTE_LIMITS.opened),
      /** Half precision, little-endian, with paths in the weights' tree, in the order in which the step needs them. */
      weights: z
        .array(z.strictObject({ values: tileValues, path: z.array(hash).max(DISPUTE_LIMITS.weightPath) }))
        .max(DISPUTE_LIMITS.opened),
    })
    .optional(),
})

export const disputeRequestSchema = z.discriminatedUnion('type', [traceRequest, childrenRequest, tileRequest])
export const disputeReplySchema = z.discriminatedUnion('type', [trace, children, tile])

export type DisputeRequest = z.infer<typeof disputeRequestSchema>
export type DisputeReply = z.infer<typeof disputeReplySchema>
export type TileReply = z.infer<typeof tile>
export type OpenedInputs = NonNullable<TileReply['inputs']>
