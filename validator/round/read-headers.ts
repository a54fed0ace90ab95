import type { BlockHeader, ChainClient } from '../../shared/chain/chain-client.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { toHex } from '../../shared/proof/hash.ts'

/** A header begins with the hash of its parent. */
const HASH_BYTES = 32

/**
 * The headers from one block to a later one, both included, in SCALE: each names the one before it, so whoever knows one hash knows
 * them all.
 * @throws StarlingError CHAIN_FORKED when the later block does not descend from the earlier one, CHAIN_…
 */
export async function readHeaders(
  chain: Pick<ChainClient, 'headerBytes'>,
  from: BlockHeader,
  to: BlockHeader,
): Promise<Uint8Array[]> {
  const headers: Uint8Array[] = []
  let hash = to.hash
  for (let number = to.number; number >= from.number; number--) {
    const header = await chain.headerBytes(hash)
    headers.unshift(header)
    if (number === from.number && hash !== from.hash) {
      throw new StarlingError('CHAIN_FORKED', `block ${to.number} does not descend from block ${from.number}`)
    }
    hash = toHex(header.subarray(0, HASH_BYTES))
  }
  return headers
}
