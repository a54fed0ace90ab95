import { canonicalArchitecture } from '../inference/model/manifest.ts'
import { OPERATORS, type Plan } from '../inference/reference/plan.ts'
import { REFERENCE_CLASS } from '../inference/reference/reference-model.ts'
import type { Pin } from '../inference/reference/trace.ts'
import { answerRoot } from '../proof/answer-root.ts'
import { hashText, taggedHash, u32 } from '../proof/hash.ts'

/** What both sides claim to have run, and the referee judges by. */
export interface Statement {
  /** What it is said about, 32 bytes: `caseDigest`. */
  readonly subject: Uint8Array
  /** The declared model's hash, 32 bytes; it covers the architecture. */
  readonly model: Uint8Array
  /** Root of the model's `weightsTree` under the plan's layout, as the registry says it. */
  readonly weightsRoot: Uint8Array
  readonly plan: Plan
  /** Roundings that earlier passes settled. */
  readonly pins: readonly Pin[]
}

const OPERATOR_NUMBER = new Map(Object.keys(OPERATORS).map((name, index) => [name, index]))

/** Names a dispute, 32 bytes: a message of one is worthless in another, or in another pass of the same. */
export function statementDigest({ subject, model, weightsRoot, plan, pins }: Statement): Uint8Array {
  const { architecture, layout, tokens } = plan
  return taggedHash(
    'starling/dispute/v1',
    hashText(REFERENCE_CLASS),
    subject,
    model,
    hashText(canonicalArchitecture(architecture)),
    weightsRoot,
    u32(layout.positionsPerChunk),
    u32(layout.columnsPerTile),
    u32(tokens.length),
    answerRoot(tokens),
    u32(pins.length),
    ...pins.map(encodePin),
  )
}

function encodePin({ step, element, value }: Pin): Uint8Array {
  const { chunk, block, operator, tile } = step
  const numbers = [chunk, block, OPERATOR_NUMBER.get(operator)!, tile, element].map(u32)
  return Buffer.concat([...numbers, encodeFloats(Float32Array.of(value))])
}

/** The bytes of a tile that are hashed and sent: float32 little-endian. */
export function encodeFloats(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true)
  return new Uint8Array(view.buffer)
}

/** The inverse of `encodeFloats`; undefined unless the bytes hold `count` values. */
export function decodeFloats(bytes: Uint8Array, count: number): Float32Array | undefined {
  if (bytes.length !== 4 * count) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true))
}
