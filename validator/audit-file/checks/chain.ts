import { verifyAnchorProof } from '../../../shared/chain/anchor-proof/verify-anchor.ts'
import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { encodeAnchor } from '../../../shared/proof/anchor.ts'
import { beaconMessage } from '../../../shared/proof/beacon.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'
import type { FileBlock } from './blocks.ts'

/** The commits' root, and what stands by the round before, were on the chain in the anchor's block. */
export function anchorFaults(
  { round, previous, anchor, beacon }: RoundFile,
  blocks: readonly FileBlock[],
  validator: Uint8Array,
): Fault[] {
  const { block, index, extrinsic, proof } = anchor.record
  const held = blocks.find(({ number }) => number === block)
  if (held === undefined) return [faultOf(anchor, `the file has no header of block ${block}`, 'block')]
  const data = encodeAnchor({
    round: round.record.round,
    commits: beacon.record.commits,
    previous: previous.record.previous ?? undefined,
  })
  const wrong = verifyAnchorProof(
    { header: held.bytes, block, blockHash: held.hash, index, extrinsic, proof },
    { validator, netuid: round.record.netuid, data },
  )
  return wrong === undefined ? [] : [faultOf(anchor, wrong)]
}

/** The beacon is what the validator's key draws for these commits and the block right after the anchor's. */
export function beaconFaults({ round, beacon }: RoundFile, blocks: readonly FileBlock[]): Fault[] {
  const { commits, block, vrf } = beacon.record
  const drawnFrom = blocks.find(({ number }) => number === block)
  if (drawnFrom === undefined) return [faultOf(beacon, `the file has no header of block ${block}`, 'block')]
  const isDrawn = verifyVrf(beaconMessage(commits, drawnFrom.hash), vrf, round.record.validator)
  return isDrawn ? [] : [faultOf(beacon, 'is not what the validator’s key draws for these commits', 'vrf')]
}
