import { blake2b } from '@noble/hashes/blake2.js'
import { commitmentCall } from '../../shared/chain/anchor-proof/commitment-call.ts'
import { listRoot, proveItem } from '../../shared/chain/anchor-proof/ordered-trie.ts'
import type { AnchorReceipt, BlockHeader, ChainClient } from '../../shared/chain/chain-client.ts'
import { encodeHeader, ZERO_HASH } from '../../shared/chain/devnet/runtime/header.ts'
import { compact, concatBytes, lengthPrefixed, toHex } from '../../shared/chain/devnet/runtime/scale.ts'
import { StarlingError } from '../../shared/process/errors.ts'

/**
 * A chain in memory with true headers and transactions, for a round: an anchor is in the next block, and two more follow
 * before its sender hears of it.
 */
export interface RoundChain {
  readonly chain: Pick<ChainClient, 'anchor' | 'blockHash' | 'headerBytes' | 'onBlock'>
  newestBlock(): BlockHeader
  /** Makes a block with these transactions. */
  make(extrinsics?: readonly Uint8Array[]): BlockHeader
  /** Makes empty blocks up to a number. */
  makeUpTo(number: number): BlockHeader
  hashOf(number: number): string
}

export function roundChain(): RoundChain {
  const blocks: { header: Uint8Array; hash: string }[] = []
  const listeners = new Set<(header: BlockHeader) => void>()
  const newestBlock = () => ({ number: blocks.length - 1, hash: blocks.at(-1)!.hash })

  const make = (extrinsics: readonly Uint8Array[] = [inherent(blocks.length)]) => {
    const header = encodeHeader({
      parentHash: (blocks.at(-1)?.hash as `0x${string}` | undefined) ?? ZERO_HASH,
      number: blocks.length,
      stateRoot: ZERO_HASH,
      extrinsicsRoot: toHex(listRoot(extrinsics, 0)),
      logs: [],
    })
    blocks.push({ header, hash: toHex(blake2b(header, { dkLen: 32 })) })
    for (const listener of [...listeners]) listener(newestBlock())
    return newestBlock()
  }
  const blockAt = (number: number) => {
    const block = blocks[number]
    if (block === undefined) throw new StarlingError('CHAIN_BLOCK_UNKNOWN', `no block ${number}`)
    return block
  }
  make()
  return {
    newestBlock,
    make,
    makeUpTo(number) {
      while (newestBlock().number < number) make()
      return newestBlock()
    },
    hashOf: (number) => blockAt(number).hash,
    chain: {
      onBlock(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      blockHash: async (number) => blockAt(number).hash,
      headerBytes: async (hash) => blocks.find((block) => block.hash === hash)!.header,
      async anchor(signer, netuid, data): Promise<AnchorReceipt> {
        const extrinsics = [inherent(blocks.length), signedCall(signer.publicKey, netuid, data), inherent(7)]
        const { number, hash } = make(extrinsics)
        make()
        make()
        const { proof } = proveItem(extrinsics, 1, 0)
        const place = { block: number, blockHash: hash, header: blockAt(number).header, index: 1 }
        return { ...place, extrinsic: extrinsics[1]!, proof }
      },
    },
  }
}

function inherent(moment: number): Uint8Array {
  return lengthPrefixed(concatBytes(Uint8Array.of(4, 2, 0), compact(moment)))
}

/** A transaction of version 4 by an account; nobody here checks its signature. */
export function signedCall(publicKey: Uint8Array, netuid: number, data: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64).fill(5)
  const extra = Uint8Array.of(0, 4, 0)
  const head = concatBytes(Uint8Array.of(0x84, 0), publicKey, Uint8Array.of(1), signature, extra)
  return lengthPrefixed(concatBytes(head, commitmentCall(netuid, data)))
}
