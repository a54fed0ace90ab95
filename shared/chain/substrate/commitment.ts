import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { MAX_COMMITMENT_BYTES } from '../anchor-proof/commitment-call.ts'
import type { Commitment } from '../chain-client.ts'
import { fromHex, isHex, toHex } from '../devnet/runtime/scale.ts'
import { number } from './codec-json.ts'

/**
 * What `set_commitment` takes for one field of plain bytes. The name of the variant tells their length.
 * Throws `CHAIN_ARGUMENT_INVALID` above 128 bytes.
 */
export function commitmentInfo(data: Uint8Array) {
  if (data.length > MAX_COMMITMENT_BYTES) {
    const message = `${data.length} bytes are too many to commit; ${MAX_COMMITMENT_BYTES} are allowed`
    throw new StarlingError('CHAIN_ARGUMENT_INVALID', message, 'commit a hash of them')
  }
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
