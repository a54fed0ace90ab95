import { measureFleet } from './fleet/measure-fleet.ts'
import { measureMessages } from './fleet/measure-messages.ts'
import { measureSigned } from './fleet/measure-signed.ts'
import type { WirePart } from './part.ts'
import { measureAxon, measureEcho, measureHttp } from './race/measure-race.ts'

/** In the order in which they run; each can be run alone. */
export const PARTS = {
  echo: measureEcho,
  signed: measureSigned,
  http: measureHttp,
  axon: measureAxon,
  messages: measureMessages,
  rss256: measureFleet,
} as const satisfies Readonly<Record<string, WirePart>>

export type PartName = keyof typeof PARTS

export const PART_NAMES = Object.keys(PARTS) as PartName[]
