import type { ChainClient } from '../../../shared/chain/chain-client.ts'
import { describeError } from '../../../shared/process/errors.ts'
import { decodeAnchor } from '../../../shared/proof/anchor.ts'
import { equalBytes, fromHex, toHex } from '../../../shared/proof/hash.ts'
import type { AuditedFile, ExtraCheck } from '../audit-file.ts'
import type { RoundFile } from '../read-round.ts'
import { type Check, checked, type Fault, skipped } from '../report.ts'
import { difference, faultOf } from '../same.ts'
import { readBlocks } from './blocks.ts'

type Node = Pick<ChainClient, 'info' | 'blockHash' | 'metagraph' | 'commitmentOf'>

/** Asks a node what a file can't prove: that its blocks are the chain's. The anchor's transaction then is, too. */
export function blocksOnChain(chain: Pick<Node, 'info' | 'blockHash'>): ExtraCheck {
  return async ({ file }: AuditedFile) => {
    const { round, headers } = file
    const { marker } = chain.info()
    if (!equalBytes(round.record.chain, fromHex(marker))) {
      return checked('chain', 'the node’s', [faultOf(round, `the node’s chain is ${marker}`, 'chain')])
    }
    const { blocks } = readBlocks(file)
    const faults: Fault[] = []
    for (const [i, { number, hash }] of blocks.entries()) {
      const found = await chain.blockHash(number)
      if (found !== hash)
        faults.push(faultOf(headers, `block ${number} of the chain is ${found}`, `headers.${i}`))
    }
    return checked('chain', `${blocks.length} blocks are the node’s`, faults)
  }
}

/** Asks a node whether the round after this one has anchored this very file. Skipped where another round is the newest. */
export function sealOnChain(chain: Pick<Node, 'commitmentOf'>): ExtraCheck {
  return async ({ file, seal }: AuditedFile): Promise<Check> => {
    const { round, netuid, validator } = file.round.record
    const committed = await chain.commitmentOf(netuid, validator)
    const anchor = committed && decodeAnchor(committed.data)
    if (committed === undefined || anchor?.previous?.round !== round)
      return skipped('seal on chain', 'the newest anchor of this validator is not that of the next round')
    const { rows, seal: anchored } = anchor.previous
    const faults = [
      ...(equalBytes(anchored, seal) ? [] : [{ why: `the chain holds the seal ${toHex(anchored)}` }]),
      ...(equalBytes(rows, file.settled.record.root)
        ? []
        : [faultOf(file.settled, `the chain holds the root ${toHex(rows)}`, 'root')]),
    ]
    return checked('seal on chain', `anchored in block ${committed.block}, by round ${anchor.round}`, faults)
  }
}

/** Asks a node who was registered. Skipped where the node no longer has that block's state. */
export function neuronsOnChain(chain: Pick<Node, 'blockHash' | 'metagraph'>): ExtraCheck {
  return async ({ file }: AuditedFile): Promise<Check> => {
    const { block, neurons } = file.neurons.record
    let found: RoundFile['neurons']['record']['neurons']
    try {
      const metagraph = await chain.metagraph(file.round.record.netuid, await chain.blockHash(block))
      found = metagraph.neurons.map(({ uid, hotkey, coldkey }) => ({ uid, hotkey, coldkey }))
    } catch (error) {
      return skipped('neurons', `the node does not tell of block ${block}: ${describeError(error)}`)
    }
    const parted = difference(neurons, found, 'neurons')
    const faults = parted === undefined ? [] : [faultOf(file.neurons, parted.why, parted.field)]
    return checked('neurons', `${neurons.length} registered at block ${block}`, faults)
  }
}
