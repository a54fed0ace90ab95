import type { BlockHeader } from '../../shared/chain/chain-client.ts'
import type { Signer, VrfResult } from '../../shared/chain/wallet/signer.ts'
import { beaconMessage, commitsRoot } from '../../shared/proof/beacon.ts'
import { toHex } from '../../shared/proof/hash.ts'
import type { RoundEntry } from '../store/entries.ts'
import { vrfHex } from './lots.ts'

/** What says which leaves of a round's answers are opened. */
export interface Beacon {
  /** Root over the digests of the round's commits. */
  readonly commits: Uint8Array
  readonly vrf: VrfResult
  /** 32 bytes. */
  readonly output: Uint8Array
  /** What shows later that it was not chosen. */
  readonly entry: NonNullable<RoundEntry['beacon']>
}

/**
 * Drawn once all commits are on the chain, from them and the block right after the one that holds them, so that whoever made them could not know what is opened.
 * @param digests of the commits, in any order
 */
export function drawBeacon(
  digests: readonly Uint8Array[],
  { number, hash }: BlockHeader,
  { vrf }: Pick<Signer, 'vrf'>,
): Beacon {
  const commits = commitsRoot(digests)
  const result = vrf(beaconMessage(commits, hash))
  const entry = { commits: toHex(commits), block: number, blockHash: hash, vrf: vrfHex(result) }
  return { commits, vrf: result, output: result.output, entry }
}
