import { z } from 'zod'
import { finish, hash, name, sampling, signature, someBytes, text, tokens, u32 } from './fields.ts'
import { DISPUTE_LIMITS, MESSAGE_LIMITS } from './limits.ts'

/** Child indices from the root of the tree over a trace. */
const path = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(DISPUTE_LIMITS.fanout - 1),
  )
  .max(DISPUTE_LIMITS.depth)

/** What is in dispute: whether the model chose one token of an answer. Everything that the answer's commit binds is here. */
const disputeCase = z.strictObject({
  /** Public keys: of whose challenge it was, of who says that the model did not choose the token, of who signed the answer. */
  validator: hash,
  challenger: hash,
  defender: hash,
  challenge: hash,
  prompt: text(MESSAGE_LIMITS.promptBytes),
  model: hash,
  executionClass: name,
  sampling,
  tokens,
  finish,
  salt: hash,
  /** Zero without sketches. */
  sketchRoot: hash,
  /** The defender's, over `commitMessage` of what these fields add up to. */
  signature,
  /** Which token of the answer. */
  position: u32,
})

const pin = z.strictObject({ path, element: u32, value: z.number() })

/** Run the answer, with the roundings that earlier passes settled, and commit to the trace. */
const traceRequest = z.strictObject({
  type: z.literal('trace-request'),
  dispute: hash,
  pins: z.array(pin).max(DISPUTE_LIMITS.pins),
})

/** List the hashes below a node. */
const childrenRequest = z.strictObject({ type: z.literal('children-request'), dispute: hash, path })

/** Open the tile that the sides disagree on; one side opens what it was computed from, too. */
const tileRequest = z.strictObject({
  type: z.literal('tile-request'),
  dispute: hash,
  path,
  withInputs: z.boolean(),
})

/** Open the logits of a chunk of positions. */
const logitsRequest = z.strictObject({ type: z.literal('logits-request'), dispute: hash, chunk: u32 })

/** What a referee asks of a side. `dispute` is the statement's digest. */
export const disputeRequestSchema = z.discriminatedUnion('type', [
  traceRequest,
  childrenRequest,
  tileRequest,
  logitsRequest,
])

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(DISPUTE_LIMITS.entries)
const hashes = z.array(hash).min(1).max(DISPUTE_LIMITS.fanout)
const tileValues = someBytes(DISPUTE_LIMITS.tileBytes)

/** Tiles of a trace under its root. */
const openedTiles = {
  /** Hashes below each inner node on the way to the tiles, in the order of `innerPaths`. */
  nodes: list(hashes),
  /** Float32 little-endian, in the order asked for. */
  tiles: list(tileValues),
}

/** Root of the tree over a trace. */
const trace = z.strictObject({ type: z.literal('trace'), dispute: hash, root: hash })

const children = z.strictObject({ type: z.literal('children'), dispute: hash, path, hashes })

const tile = z.strictObject({
  type: z.literal('tile'),
  dispute: hash,
  path,
  values: tileValues,
  inputs: z
    .strictObject({
      ...openedTiles,
      /** Half precision, little-endian, with paths in the weights' tree, in the order in which the step needs them. */
      weights: list(
        z.strictObject({ values: tileValues, path: z.array(hash).max(DISPUTE_LIMITS.weightPath) }),
      ),
    })
    .optional(),
})

const logits = z.strictObject({ type: z.literal('logits'), dispute: hash, chunk: u32, ...openedTiles })

/** What a side says; its bytes are what it signs. */
export const disputeReplySchema = z.discriminatedUnion('type', [trace, children, tile, logits])

/** Referee → side: an answer is in dispute; `id` is `caseDigest`. The side says at once if it will have no part in it. */
export const disputeOpen = z.strictObject({ type: z.literal('dispute-open'), id: hash, case: disputeCase })

/** Referee → side: a move of that dispute. A reply is taken piece by piece, each by the same move. */
export const disputeMove = z.strictObject({
  type: z.literal('dispute-move'),
  id: hash,
  move: disputeRequestSchema,
  piece: z
    .number()
    .int()
    .min(0)
    .max(mostPieces() - 1),
})

/** Side → referee: a piece of the reply, and the side's signature over `replyMessage` of all of it. */
export const disputePiece = z.strictObject({
  type: z.literal('dispute-piece'),
  id: hash,
  piece: z
    .number()
    .int()
    .min(0)
    .max(mostPieces() - 1),
  pieces: z.number().int().min(1).max(mostPieces()),
  bytes: someBytes(DISPUTE_LIMITS.pieceBytes),
  signature,
})

function mostPieces(): number {
  return Math.ceil(DISPUTE_LIMITS.replyBytes / DISPUTE_LIMITS.pieceBytes)
}

export type DisputeCase = z.infer<typeof disputeCase>
export type DisputeRequest = z.infer<typeof disputeRequestSchema>
export type DisputeReply = z.infer<typeof disputeReplySchema>
export type WirePin = z.infer<typeof pin>
export type TileReply = z.infer<typeof tile>
export type LogitsReply = z.infer<typeof logits>
export type OpenedTiles = Pick<LogitsReply, 'nodes' | 'tiles'>
export type OpenedInputs = NonNullable<TileReply['inputs']>
export type DisputeOpen = z.infer<typeof disputeOpen>
export type DisputeMove = z.infer<typeof disputeMove>
export type DisputePiece = z.infer<typeof disputePiece>
