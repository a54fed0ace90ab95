import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { listRoot, proveItem } from '../anchor-proof/ordered-trie.ts'
import type { AnchorReceipt } from '../chain-client.ts'
import { encodeHeader, hashHeader } from '../devnet/runtime/header.ts'
import { fromHex, type Hex, isHex, toHex } from '../devnet/runtime/scale.ts'

const hex = z.custom<Hex>(isHex)

/** A header as `chain_getHeader` gives it. */
export const headerSchema = z
  .object({
    parentHash: hex,
    number: z.string().transform(Number),
    stateRoot: hex,
    extrinsicsRoot: hex,
    digest: z.object({ logs: z.array(hex) }),
  })
  .transform(({ digest, ...rest }) => ({ ...rest, logs: digest.logs }))

/** A block as `chain_getBlock` gives it. */
export const blockSchema = z
  .object({ block: z.object({ header: headerSchema, extrinsics: z.array(hex) }) })
  .transform(({ block }) => block)

export type JsonHeader = z.output<typeof headerSchema>
export type JsonBlock = z.output<typeof blockSchema>

/** A header in SCALE. Throws `CHAIN_HEADER_WRONG` where it is not that of the block with this hash. */
export function headerOf(blockHash: string, header: JsonHeader): Uint8Array {
  if (hashHeader(header) === blockHash.toLowerCase()) return encodeHeader(header)
  const message = `the node gave another header than that of block ${blockHash}`
  throw new StarlingError('CHAIN_HEADER_WRONG', message, 'try another node')
}

/**
 * The receipt of the transaction at `index` of a block. Throws `CHAIN_HEADER_WRONG`, and `CHAIN_BLOCK_WRONG` where the
 * header is not over these transactions.
 */
export function anchorReceipt(
  blockHash: string,
  { header, extrinsics }: JsonBlock,
  index: number,
): AnchorReceipt {
  const encoded = headerOf(blockHash, header)
  const items = extrinsics.map(fromHex)
  // A runtime says in its version which of the two it uses; the root says it too, and cannot be out of date.
  const version = ([0, 1] as const).find((v) => toHex(listRoot(items, v)) === header.extrinsicsRoot)
  const extrinsic = items[index]
  if (version === undefined || extrinsic === undefined) {
    const message = `the node gave other transactions than those of block ${blockHash}`
    throw new StarlingError('CHAIN_BLOCK_WRONG', message, 'try another node')
  }
  const { proof } = proveItem(items, index, version)
  return { block: header.number, blockHash, header: encoded, index, extrinsic, proof }
}
