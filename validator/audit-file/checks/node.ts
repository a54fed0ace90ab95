import type { ChainClient } from '../../../shared/chain/chain-client.ts'
import { describeError } from '../../../shared/process/errors.ts'
import { equalBytes, fromHex } from '../../../shared/proof/hash.ts'
import type { AuditedFile, ExtraCheck } from '../audit-file.ts'
import type { RoundFile } from '../read-round.ts'
import { type Check, checked, type Fault, skipped } from '../report.ts'
import { difference, faultOf } from '../same.ts'
import { readBlocks } from './blocks.ts'

type Node = Pick<ChainClient, 'info' | 'blockHash' | 'metagraph'>

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
