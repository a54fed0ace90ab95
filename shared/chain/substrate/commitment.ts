import { z } from 'zod'
import type { Commitment } from '../chain-client.ts'
import { fromHex, isHex, toHex } from '../devnet/runtime/scale.ts'
import { number } from './codec-json.ts'

/** What `set_commitment` takes for one field of plain bytes. The name of the variant tells their length. */
export function commitmentInfo(data: Uint8Array) {
  return { fields: [{ [`Raw${data.length}`]: toHex(data) }] }
}

/** A registered commitment’s JSON; null for none, and for one that is not a single field of plain bytes. */
export const commitmentSchema = z
  .object({ block: number, info: z.object({ fields: z.array(z.record(z.string(), z.unknown())) }) })
  .nullable()
  .transform((found): Commitment | null => {
    const [field, ...others] = found?.info.fields ?? []
    const [kind, data] = Object.entries(field ?? {})[0] ?? []
    const isPlain = others.length === 0 && kind !== undefined && /^(raw\d+|bigRaw)$/.test(kind)
    return found !== null && isPlain && isHex(data) ? { block: found.block, data: fromHex(data) } : null
  })
