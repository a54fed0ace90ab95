import type { Part } from './context.ts'
import { measureBytes } from './parts/bytes.ts'
import { measureCheapDecode } from './parts/cheap-decode.ts'
import { measureDispute } from './parts/dispute.ts'
import { measureForged } from './parts/forged.ts'
import { measureHonest } from './parts/honest.ts'
import { measureOtherModels } from './parts/other-models.ts'
import { measureOverhead } from './parts/overhead.ts'
import { measurePrompts } from './parts/prompts.ts'
import { measureProtocol } from './parts/protocol.ts'
import { measureSampling } from './parts/sampling.ts'
import { measureToploc } from './parts/toploc.ts'
import { measureWeights } from './parts/weights.ts'

/** In the order in which they run; each can be run alone. */
export const PARTS = {
  bytes: measureBytes,
  overhead: measureOverhead,
  dispute: measureDispute,
  honest: measureHonest,
  models: measureOtherModels,
  weights: measureWeights,
  prompts: measurePrompts,
  sampling: measureSampling,
  decode: measureCheapDecode,
  protocol: measureProtocol,
  forged: measureForged,
  toploc: measureToploc,
} as const satisfies Readonly<Record<string, Part>>

export type PartName = keyof typeof PARTS

export const PART_NAMES = Object.keys(PARTS) as PartName[]
