import type { ChainClient, Commitment } from '../../../shared/chain/chain-client.ts'
import { describeError } from '../../../shared/process/errors.ts'
import { decodeAnchor } from '../../../shared/proof/anchor.ts'
import { equalBytes } from '../../../shared/proof/hash.ts'
import type { AuditedFile, ExtraCheck } from '../audit-file.ts'
import { type Check, checked, type Fault, skipped } from '../report.ts'
import { faultOf } from '../same.ts'
import { readBlocks } from './blocks.ts'

/**
 * Asks a node whether this was the round's only anchor. A validator that puts several on the chain can go on from the block whose
 * beacon suits a friend; each of them is what its hotkey had committed in some block between the round's and the anchor's.
 * Skipped where the node no longer has the state of those blocks.
 */
export function oneAnchorOnChain(chain: Pick<ChainClient, 'commitmentOf'>): ExtraCheck {
  return async ({ file }: AuditedFile): Promise<Check> => {
    const { round, netuid, validator } = file.round.record
    const { anchor, beacon } = file
    const blocks = readBlocks(file).blocks.filter(({ number }) => number <= anchor.record.block)
    const anchors = new Map<number, Uint8Array>()
    for (const { number, hash } of blocks) {
      let committed: Commitment | undefined
      try {
        committed = await chain.commitmentOf(netuid, validator, hash)
      } catch (error) {
        return skipped('one anchor', `the node does not tell of block ${number}: ${describeError(error)}`)
      }
      const found = committed && decodeAnchor(committed.data)
      if (committed !== undefined && found?.round === round) anchors.set(committed.block, found.commits)
    }
    const faults: Fault[] = []
    for (const [block, commits] of anchors) {
      if (block !== anchor.record.block)
        faults.push(faultOf(anchor, `block ${block} holds an anchor of this round, too`, 'block'))
      else if (!equalBytes(commits, beacon.record.commits))
        faults.push(faultOf(beacon, 'the chain holds the root of other commits', 'commits'))
    }
    if (!anchors.has(anchor.record.block))
      faults.push(faultOf(anchor, `block ${anchor.record.block} of the chain does not end with it`, 'block'))
    return checked('one anchor', `looked for others in ${blocks.length} blocks`, faults)
  }
}
