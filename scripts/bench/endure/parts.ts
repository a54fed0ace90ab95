import { measureFloods } from './floods/measure-floods.ts'
import { measureFuzz } from './fuzz/measure-fuzz.ts'
import { measureKills } from './kills/part.ts'
import type { EndurePart } from './part.ts'
import { measureSignatures } from './signatures/measure-signatures.ts'
import { measureSoak } from './soak/measure-soak.ts'

/** In the order in which they run; each can be run alone. */
export const PARTS = {
  fuzz: measureFuzz,
  signatures: measureSignatures,
  floods: measureFloods,
  kills: measureKills,
  soak: measureSoak,
} as const satisfies Readonly<Record<string, EndurePart>>

export type PartName = keyof typeof PARTS

export const PART_NAMES = Object.keys(PARTS) as PartName[]
